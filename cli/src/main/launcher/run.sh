# Becomes the program. Sourced by ./nearside and by the bin/nearside of an archive; works in bash
# 3.2 and later. Uses launcher (this folder), jdk_home, jdk_version of its caller, and aot where the
# caches do not lie in the image.

# The folder of image folder $1's AOT caches for the JDK into caches.
launch_caches() {
  caches=${aot:-$1/aot}/$jdk_version
}

# Whether there are AOT caches for image folder $1 (or training them was tried).
launch_trained() {
  launch_caches "$1"
  [ -e "$caches/done" ]
}

# The profile of command line "$@" into profile: plain, machine or vector. Those of verbs that compute
# are vector, with the Vector API, whose module makes the JVM start slower and print a warning; or
# machine, without, where machine code will serve. Uses caches. A verb that is not listed computes.
launch_profile() {
  local word before= verb= kernels=${NEARSIDE_KERNELS-}
  profile=plain
  for word in "$@"; do
    [ "$word" != --help ] || return 0
    [ "$before" != --kernels ] || kernels=$word
    case $word in --kernels=*) kernels=${word#*=} ;; esac
    before=$word
  done
  for word in "$@"; do
    case $word in
      help | version | list | ls | pull | show | rm | cp | prune) return 0 ;;
      tokenize | template | completion | ps | stop | key | create) return 0 ;;
      -h | -V | --version) return 0 ;;
      -*) ;;
      *)
        verb=$word
        break
        ;;
    esac
  done
  [ -n "$verb" ] || return 0
  case $kernels in
    [sS][cC][aA][lL][aA][rR]) ;;
    '' | [aA][uU][tT][oO] | [mM][aA][cC][hH][iI][nN][eE])
      # Without its cache the training of the profile failed: the system refuses machine code.
      profile=vector
      if [ -e "$caches/machine.aot" ] && launch_has_machine_code; then
        profile=machine
      fi
      ;;
    *) profile=vector ;;
  esac
}

# What a CPU must have for machine code to serve: one line of these is enough. The names are those
# of /proc/cpuinfo, for Linux alone: macOS shows AVX-512 only to who has used it, so that machine
# code does not find it there.
launch_machine_sets=('avx512bw avx512dq avx512vl avx512_vnni')

# Whether machine code will serve on this CPU, as NEARSIDE_CPU lets it be seen.
launch_has_machine_code() {
  local line flags= all flag
  while IFS= read -r line; do
    case $line in
      flags*)
        flags="${line#*:} "
        break
        ;;
    esac
  done 2>/dev/null <"${NEARSIDE_CPUINFO:-/proc/cpuinfo}"
  for all in "${launch_machine_sets[@]}"; do
    for flag in $all; do
      case $flag:${NEARSIDE_CPU-} in avx512*:[aA][vV][xX]2) continue 2 ;; esac
      case $flags in *" $flag "*) ;; *) continue 2 ;; esac
    done
    return 0
  done
  return 1
}

# The JVM's options for image folder $1 and profile $2 into the array options: those that the AOT
# caches are trained with.
launch_options() {
  options=("@$launcher/jvm.options" --module-path "$1/lib")
  [ ! -e "$launcher/$2.options" ] || options+=("@$launcher/$2.options")
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

  local image=$1 profile caches crashes terminals= descriptor
  shift
  launch_caches "$image"
  launch_profile "$@"
  launch_options "$image" "$profile"
  launch_extra_options
  crashes=${NEARSIDE_HOME:-${HOME-}/.nearside}
  [ -d "$crashes" ] || crashes=${TMPDIR:-/tmp}
  # A shell can tell at no cost; Java would need a tenth of its start to ask the system.
  for descriptor in 0 1 2; do
    [ ! -t "$descriptor" ] || terminals=$terminals$descriptor
  done
  options+=(
    -Dnearside.terminals="$terminals"
    -XX:AOTCache="$caches/$profile.aot"
    -XX:ErrorFile="${crashes%/}/hs_err_pid%p.log"
    ${extra[@]+"${extra[@]}"}
  )
  if [ "$profile" != vector ]; then
    exec "$jdk_home/bin/java" "${options[@]}" -m dev.nearside.cli/dev.nearside.cli.Main "$@"
  fi
  exec "$jdk_home/bin/java" "${options[@]}" -Dnearside.stderr=3 \
    -m dev.nearside.cli/dev.nearside.cli.Main "$@" 3>&2 2> >(launch_filter)
}
