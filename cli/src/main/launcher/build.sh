# Builds nearside. Sourced by ./nearside, after train.sh, when something is missing or stale; works
# in bash 3.2 and later. Uses root, launch, jdk_home, jdk_version of its caller.
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
