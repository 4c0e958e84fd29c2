# Trains AOT caches, under a lock. Sourced by ./nearside and by the bin/nearside of an archive when
# they are missing; works in bash 3.2 and later. Uses launch, jdk_home, jdk_version of its caller.

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

# Runs the JDK's java for profile $1 of image folder $2 with more options, logged.
build_java() {
  local profile=$1 image=$2
  shift 2
  launch_options "$image" "$profile"
  # What users set for their programs must not get into a cache.
  build_step "$launch/training-$profile.log" 'preparing a fast start' \
    env -u JAVA_TOOL_OPTIONS -u JDK_JAVA_OPTIONS -u NEARSIDE_CPU -u NEARSIDE_KERNELS \
    "$jdk_home/bin/java" "${options[@]}" -Xlog:all=error "$@"
}

# Trains the AOT cache of profile $1 of image folder $2 into file $3. With an incubator module at
# boot the one-step way leaves out lambdas, of which there are hundreds; the older way in two
# steps, by a list of classes, makes the same kind of file and keeps them.
build_cache() {
  local main=dev.nearside.cli/dev.nearside.cli
  if [ "$1" != vector ]; then
    build_java "$1" "$2" -XX:AOTCacheOutput="$3" -m $main.Training "$1"
  else
    build_java "$1" "$2" -XX:DumpLoadedClassList="$3.classes" -m $main.Training "$1" &&
      build_java "$1" "$2" -Xshare:dump -XX:SharedClassListFile="$3.classes" \
        -XX:SharedArchiveFile="$3" -m $main.Main
  fi
}

# Trains the AOT caches of image folder $1 for the JDK: plain, and machine where that works, or else
# vector. Failing costs only speed: the reason stays in training.log and the image is not trained
# again.
build_train() {
  local caches profile profiles='plain vector' status=0
  launch_caches "$1"
  rm -rf "$caches"
  mkdir -p "$caches" || return 0
  : >"$launch/training.log"
  ! NEARSIDE_CPU= launch_has_machine_code || profiles='plain machine vector'
  for profile in $profiles; do
    if build_cache "$profile" "$1" "$caches/$profile.part" && [ -s "$caches/$profile.part" ]; then
      mv -f "$caches/$profile.part" "$caches/$profile.aot"
    else
      status=1
    fi
    cat "$launch/training-$profile.log" >>"$launch/training.log"
    rm -f "$launch/training-$profile.log" "$caches/$profile.part"*
  done
  [ "$status" = 0 ] || printf 'nearside: no fast start, see %s\n' "$launch/training.log" >&2
  : >"$caches/done"
}
