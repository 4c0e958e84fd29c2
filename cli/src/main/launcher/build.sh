# Builds nearside and trains its AOT caches. Sourced by ./nearside when something is missing
# or stale; works in bash 3.2 and later. Uses root, launch, jdk_home, jdk_version of its caller.
#
# What a build leaves in cli/target/launch:
#   image             the id of the image in use; its time is when that image's build began
#   image-ID/lib      the jars, never changed once published: a program that runs keeps its own
#   image-ID/aot/V    the AOT caches trained with the JDK of version V, and `done`
#   image-ID/users/P  process P runs on this image
#   lock              held while building or training, and touched every second; `owner` and
#                     `child` are the process ids of the launcher and of what it runs
#   unfinished        there while Maven runs: an interrupted build leaves it behind
#   build.log, training.log

# A lock that nobody has touched for so many minutes is taken over, whoever is alive: the process
# ids in it belong to others by now.
lock_stale_minutes=3

build_has_lock() {
  [ "$(cat "$launch/lock/owner" 2>/dev/null)" = "$$" ]
}

build_release() {
  if build_has_lock; then
    rm -rf "$launch/lock"
  fi
}

# Whether process $1 exists, someone else's too.
build_is_alive() {
  kill -0 "$1" 2>/dev/null || [ -d "/proc/$1" ]
}

# Whether owner $1 of the lock is gone, and so is what it started: a launcher that is killed
# outright leaves a Maven behind, and two must not write to the same folders.
build_lock_is_orphan() {
  local child
  [ -n "$1" ] && ! build_is_alive "$1" || return 1
  child=$(cat "$launch/lock/child" 2>/dev/null)
  [ -z "$child" ] || ! build_is_alive "$child"
}

# Removes the stale lock of owner $1. Moving it away comes first: of several processes that
# wait one wins the move, and one that came too late puts the new owner's lock back.
build_break_lock() {
  local aside="$launch/lock.stale.$$"
  mv "$launch/lock" "$aside" 2>/dev/null || return 0
  if [ "$(cat "$aside/owner" 2>/dev/null)" != "$1" ]; then
    mv "$aside" "$launch/lock" 2>/dev/null && return 0
  fi
  rm -rf "$aside"
}

# Takes the lock, waiting for another process if need be.
build_acquire() {
  local owner waited=
  mkdir -p "$launch" || return 1
  until mkdir "$launch/lock" 2>/dev/null; do
    if [ ! -d "$launch/lock" ] && [ ! -w "$launch" ]; then
      printf 'nearside: cannot write to %s\n' "$launch" >&2
      return 1
    fi
    owner=$(cat "$launch/lock/owner" 2>/dev/null)
    if build_lock_is_orphan "$owner" ||
      [ -n "$(find "$launch/lock" -prune -mmin +"$lock_stale_minutes" 2>/dev/null)" ]; then
      build_break_lock "$owner"
      continue
    fi
    [ -n "$waited" ] || printf 'waiting for another nearside that is building …\n' >&2
    waited=1
    sleep 0.3
  done
  printf '%s\n' "$$" >"$launch/lock/owner"
}

# Runs "$@" with its output in file $1 and a progress line that begins with $2; in a process
# group of its own, so that an interrupt ends all that it started.
build_step() {
  local log=$1 title=$2 began=$SECONDS beat=$SECONDS child status tick=0
  shift 2
  set -m
  "$@" >"$log" 2>&1 </dev/null &
  child=$!
  set +m
  printf '%s\n' "$child" >"$launch/lock/child"
  trap 'kill -TERM -- -'"$child"' 2>/dev/null; build_release; trap - INT; kill -INT $$' INT
  trap 'kill -TERM -- -'"$child"' 2>/dev/null; build_release; exit 143' TERM HUP
  [ -t 2 ] || [ "$title" = "${build_said-}" ] || printf '%s …\n' "$title" >&2
  build_said=$title
  while kill -0 "$child" 2>/dev/null; do
    if [ -t 2 ]; then
      printf '\r%s … %d s ' "$title" $((SECONDS - began)) >&2
    fi
    if [ "$SECONDS" != "$beat" ]; then
      beat=$SECONDS
      touch "$launch/lock" 2>/dev/null
    fi
    # Short naps at first: training takes little more than a second.
    if [ $((tick += 1)) -lt 20 ]; then sleep 0.1; else sleep 0.5; fi
  done
  wait "$child"
  status=$?
  trap - INT TERM HUP
  [ ! -t 2 ] || printf '\r\033[K' >&2
  return "$status"
}

# The path of Maven's `mvn` into mvn.
build_find_maven() {
  local candidate
  mvn=$(command -v mvn 2>/dev/null) && return 0
  for candidate in "${MAVEN_HOME-}" "${M2_HOME-}" "${HOME-}/.sdkman/candidates/maven/current"; do
    if [ -n "$candidate" ] && [ -x "$candidate/bin/mvn" ]; then
      mvn=$candidate/bin/mvn
      return 0
    fi
  done
  {
    printf 'nearside: Maven is needed to build it, and there is no `mvn` on PATH.\n'
    printf 'Install it: apt install maven, brew install maven, or sdk install maven.\n'
  } >&2
  return 1
}

# What an interrupted Maven may have left half written looks newer than its source, and would
# never be made again.
build_forget_half_written() {
  rm -rf "$root"/*/target/quick
}

# Builds the jars and publishes them as the image in use. Needs the lock.
build_image() {
  local title='building nearside' id="$(date +%Y%m%d-%H%M%S)-$$" old previous=
  build_find_maven || return 1
  if [ -f "$launch/image" ]; then
    title='rebuilding nearside (sources changed)'
    read -r previous <"$launch/image"
  else
    title='building nearside (first use, one to three minutes)'
  fi
  [ ! -e "$launch/unfinished" ] || build_forget_half_written
  # Written before Maven starts: what changes during the build is newer than the image.
  printf '%s\n' "$id" >"$launch/image.next" && : >"$launch/unfinished" || return 1
  if ! JAVA_HOME=$jdk_home build_step "$launch/build.log" "$title" \
    "$mvn" -B -f "$root/pom.xml" -P 'quick,!format' -pl cli -am -Dmaven.test.skip=true package; then
    rm -f "$launch/unfinished"
    {
      printf 'nearside: the build failed:\n'
      grep -E '^\[(ERROR|FATAL)\]' "$launch/build.log" | head -n 20 || tail -n 20 "$launch/build.log"
      printf 'The whole log: %s\n' "$launch/build.log"
    } >&2
    return 1
  fi
  rm -f "$launch/unfinished"
  mkdir -p "$launch/image-$id/users" && cp -R "$root/cli/target/quick/nearside/lib" "$launch/image-$id/lib" || return 1
  if ! build_has_lock; then
    printf 'nearside: another nearside took over the build\n' >&2
    rm -rf "$launch/image-$id"
    return 1
  fi
  mv -f "$launch/image.next" "$launch/image" || return 1
  for old in "$launch"/image-*; do
    case $old in
      "$launch/image-$id" | "$launch/image-$previous") ;;
      *) build_image_is_used "$old" || rm -rf "$old" ;;
    esac
  done
}

build_image_is_used() {
  local user
  for user in "$1"/users/*; do
    if [ -e "$user" ] && build_is_alive "${user##*/}"; then
      return 0
    fi
  done
  return 1
}

# Runs the JDK's java for profile $1 of image folder $2 with more options, logged.
build_java() {
  local profile=$1 image=$2
  shift 2
  launch_options "$image" "$profile"
  # What users set for their programs must not get into a cache.
  build_step "$launch/training-$profile.log" 'preparing a fast start' \
    env -u JAVA_TOOL_OPTIONS -u JDK_JAVA_OPTIONS "$jdk_home/bin/java" "${options[@]}" \
    -Xlog:all=error "$@"
}

# Trains the AOT cache of profile $1 of image folder $2 into file $3. With an incubator module at
# boot the one-step way leaves out lambdas, of which there are hundreds; the older way in two
# steps, by a list of classes, makes the same kind of file and keeps them.
build_cache() {
  local main=dev.nearside.cli/dev.nearside.cli
  if [ "$1" = plain ]; then
    build_java "$1" "$2" -XX:AOTCacheOutput="$3" -m $main.Training "$1"
  else
    build_java "$1" "$2" -XX:DumpLoadedClassList="$3.classes" -m $main.Training "$1" &&
      build_java "$1" "$2" -Xshare:dump -XX:SharedClassListFile="$3.classes" \
        -XX:SharedArchiveFile="$3" -m $main.Main
  fi
}

# Trains the AOT caches of image folder $1 for the JDK. Failing costs only speed: the reason
# stays in training.log and the image is not trained again.
build_train() {
  local aot="$1/aot/$jdk_version" profile status=0
  rm -rf "$aot"
  mkdir -p "$aot" || return 0
  : >"$launch/training.log"
  for profile in plain vector; do
    if build_cache "$profile" "$1" "$aot/$profile.part" && [ -s "$aot/$profile.part" ]; then
      mv -f "$aot/$profile.part" "$aot/$profile.aot"
    else
      status=1
    fi
    cat "$launch/training-$profile.log" >>"$launch/training.log"
    rm -f "$launch/training-$profile.log" "$aot/$profile.part"*
  done
  [ "$status" = 0 ] || printf 'nearside: no fast start, see %s\n' "$launch/training.log" >&2
  : >"$aot/done"
}

# Makes whatever is missing, under the lock; on success image is the image's folder.
build_ensure() {
  build_acquire || return 1
  trap build_release EXIT
  # Another process may have done it while this one waited.
  if ! launch_current && ! build_image; then
    build_release
    return 1
  fi
  launch_current || launch_read_image
  launch_trained "$image" || build_train "$image"
  build_release
  trap - EXIT
}
