# Finds a JDK. Sourced by ./nearside and by .ci/run; works in bash 3.2 and later.

NEARSIDE_JDK_MIN=25

# The feature version of the JDK in folder $1 into jdk_major and its full version into
# jdk_version, read from its `release` file: starting a JVM to ask would cost 50 ms.
jdk_read() {
  jdk_major=0 jdk_version=
  local key value java_version= runtime_version=
  [ -r "$1/release" ] || return 1
  while IFS='=' read -r key value || [ -n "$key" ]; do
    value=${value%$'\r'}
    value=${value#\"}
    value=${value%\"}
    case $key in
      JAVA_VERSION) java_version=$value ;;
      JAVA_RUNTIME_VERSION) runtime_version=$value ;;
    esac
  done <"$1/release"
  jdk_version=${runtime_version:-$java_version}
  jdk_major=${java_version%%[!0-9]*}
  [ -n "$jdk_major" ] || jdk_major=0
}

# Whether $1 is the home of a JDK (not only a runtime) that is new enough.
jdk_usable() {
  [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
  jdk_read "$1" && [ "$jdk_major" -ge "$NEARSIDE_JDK_MIN" ]
}

# The home of the `java` on PATH into jdk_on_path; empty where there is none.
jdk_from_path() {
  jdk_on_path=
  local java link
  java=$(command -v java 2>/dev/null) || return 1
  while [ -L "$java" ]; do
    link=$(readlink "$java")
    case $link in
      /*) java=$link ;;
      *) java=${java%/*}/$link ;;
    esac
  done
  jdk_on_path=$(cd "${java%/*}/.." 2>/dev/null && pwd -P)
}

# Prints every place that may hold a JDK, one per line, best guess first.
jdk_candidates() {
  printf '%s\n' "${JAVA_HOME-}"
  jdk_from_path && printf '%s\n' "$jdk_on_path"
  local home=${HOME-} dir
  # NEARSIDE_JVM_DIRS, separated by colons, replaces the usual folders.
  local IFS=:
  for dir in ${NEARSIDE_JVM_DIRS-/usr/lib/jvm:/usr/java:/opt:/opt/java:/usr/local:/Library/Java/JavaVirtualMachines}; do
    printf '%s\n' "$dir"/* "$dir"/*/Contents/Home
  done
  printf '%s\n' "$home"/.sdkman/candidates/java/* "$home"/.jdks/* \
    "$home"/.asdf/installs/java/* "$home"/.local/share/mise/installs/java/* \
    "$home"/Library/Java/JavaVirtualMachines/*/Contents/Home
  if [ -z "${NEARSIDE_JVM_DIRS+set}" ]; then
    printf '%s\n' /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
      /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home
    if [ -x /usr/libexec/java_home ]; then
      /usr/libexec/java_home -v "$NEARSIDE_JDK_MIN+" 2>/dev/null
    fi
  fi
  return 0
}

# Finds a JDK: its home into jdk_home. $1, where given, is a home that was found before.
# JAVA_HOME comes first, then $1, then the search: an older JAVA_HOME is passed over.
jdk_find() {
  local candidate
  for candidate in "${JAVA_HOME-}" "${1-}"; do
    if jdk_usable "$candidate"; then
      jdk_home=$candidate
      return 0
    fi
  done
  while IFS= read -r candidate; do
    if jdk_usable "$candidate"; then
      jdk_home=$candidate
      return 0
    fi
  done < <(jdk_candidates)
  jdk_home=
  return 1
}

# Says on stderr that no JDK was found, and what was.
jdk_complain() {
  local candidate seen= path_home=
  jdk_from_path && path_home=$jdk_on_path
  {
    printf 'nearside: needs JDK %s or newer, and found none.\n' "$NEARSIDE_JDK_MIN"
    if [ -n "${JAVA_HOME-}" ] && ! jdk_read "$JAVA_HOME"; then
      printf '  JAVA_HOME=%s is not the home of a JDK\n' "$JAVA_HOME"
    fi
    while IFS= read -r candidate; do
      [ -n "$candidate" ] && jdk_read "$candidate" || continue
      case $seen in *"|$candidate|"*) continue ;; esac
      seen="$seen|$candidate|"
      if [ "$jdk_major" -ge "$NEARSIDE_JDK_MIN" ]; then
        printf '  found a runtime without a compiler: %s (%s)\n' "$candidate" "$jdk_version"
      elif [ "$candidate" = "$path_home" ]; then
        printf "  too old: %s (%s), the one PATH's java belongs to\\n" "$candidate" "$jdk_version"
      else
        printf '  too old: %s (%s)\n' "$candidate" "$jdk_version"
      fi
    done < <(jdk_candidates)
    printf 'Install one (https://adoptium.net/temurin/releases, or: sdk install java) and, if it is in an\n'
    printf 'unusual place, set JAVA_HOME to its folder.\n'
  } >&2
}
