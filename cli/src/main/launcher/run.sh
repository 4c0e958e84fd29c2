# Becomes the program. Sourced by ./nearside and by the bin/nearside of an archive; works in bash
# 3.2 and later. Uses launcher (this folder), jdk_home, jdk_version of its caller, and aot where the
# caches do not lie in the image.

# Whether image folder $1 has AOT caches for the JDK (or training them was tried).
launch_trained() {
  [ -e "${aot:-$1/aot}/$jdk_version/done" ]
}

# Whether the command line "$@" may compute, and so wants the Vector API. With its module the
# JVM starts slower and prints a warning. A verb that is not listed computes.
launch_computes() {
  case ${NEARSIDE_KERNELS-} in scalar | machine) return 1 ;; esac
  local word
  for word in "$@"; do
    [ "$word" != --help ] || return 1
  done
  for word in "$@"; do
    case $word in
      help | version | list | ls | pull | show | rm | cp | prune) return 1 ;;
      tokenize | template | completion | ps | stop | key | create) return 1 ;;
      -h | -V | --version) return 1 ;;
      -*) ;;
      *) return 0 ;;
    esac
  done
  return 1
}

# The JVM's options for image folder $1 and profile $2 (plain or vector) into the array
# options: those that the AOT caches are trained with.
launch_options() {
  options=("@$launcher/jvm.options" --module-path "$1/lib")
  [ "$2" = plain ] || options+=("@$launcher/$2.options")
}

# Passes on what the JVM itself writes to stderr, but for the warning that no flag silences.
# The program writes past this, to the descriptor named by nearside.stderr.
launch_filter() {
  trap '' HUP INT QUIT TERM
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      'WARNING: Using incubator modules: jdk.incubator.vector') ;;
      *) printf '%s\n' "$line" >&2 ;;
    esac
    line=
  done
}

# JVM options from the environment into the array extra. The JVM would announce those of the
# two variables on stderr; where they hold quotes it parses them and does announce them.
launch_extra_options() {
  set -f
  extra=(${NEARSIDE_JVM_OPTIONS-})
  local name value
  for name in JDK_JAVA_OPTIONS JAVA_TOOL_OPTIONS; do
    value=${!name-}
    case $value in
      '') unset "$name" ;;
      *[\"\'@]*) ;;
      *)
        extra=($value ${extra[@]+"${extra[@]}"})
        unset "$name"
        ;;
    esac
  done
  set +f
}

# Runs the program of image folder $1 with the rest of the arguments, in this process.
launch_exec() {
  # In the C locale the JVM would read arguments as ASCII.
  case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in
    '' | C | POSIX) [ "${OSTYPE#darwin}" != "$OSTYPE" ] || export LC_ALL=C.UTF-8 ;;
  esac

  local image=$1 profile=plain crashes
  shift
  if launch_computes "$@"; then
    profile=vector
  fi
  launch_options "$image" "$profile"
  launch_extra_options
  crashes=${NEARSIDE_HOME:-${HOME-}/.nearside}
  [ -d "$crashes" ] || crashes=${TMPDIR:-/tmp}
  options+=(
    -XX:AOTCache="${aot:-$image/aot}/$jdk_version/$profile.aot"
    -XX:ErrorFile="${crashes%/}/hs_err_pid%p.log"
    ${extra[@]+"${extra[@]}"}
  )
  if [ "$profile" = plain ]; then
    exec "$jdk_home/bin/java" "${options[@]}" -m dev.nearside.cli/dev.nearside.cli.Main "$@"
  fi
  exec "$jdk_home/bin/java" "${options[@]}" -Dnearside.stderr=3 \
    -m dev.nearside.cli/dev.nearside.cli.Main "$@" 3>&2 2> >(launch_filter)
}
