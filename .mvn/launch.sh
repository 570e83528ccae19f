# Read by ./toro and ./bench: finds a JDK, and builds a module when it is not built yet or something has
# changed. They set: root (the folder of the repository), name (of the command), module (its folder).
wanted=25

# Where a JDK is looked for, after the environment: one pattern a line.
places="/usr/lib/jvm/*
/usr/lib64/jvm/*
/usr/java/*
/usr/local/java/*
/usr/local/jdk*
/usr/local/openjdk*
/opt/*jdk*
/opt/java/*
${HOME:-/nonexistent}/.sdkman/candidates/java/*
${HOME:-/nonexistent}/.jdks/*
${HOME:-/nonexistent}/.local/share/mise/installs/java/*
${HOME:-/nonexistent}/.asdf/installs/java/*
${HOME:-/nonexistent}/.jenv/versions/*
${HOME:-/nonexistent}/.jabba/jdk/*
${HOME:-/nonexistent}/.gradle/jdks/*
/Library/Java/JavaVirtualMachines/*/Contents/Home
${HOME:-/nonexistent}/Library/Java/JavaVirtualMachines/*/Contents/Home
/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home
/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home
/home/linuxbrew/.linuxbrew/opt/openjdk*/libexec"

# Sets `version` to the feature version of the JDK in folder $1, or to nothing.
read_version() {
  version=
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  full=
  if [ -r "$1/release" ]; then
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in
        JAVA_VERSION=*) full=${line#JAVA_VERSION=} ;;
      esac
    done <"$1/release"
  fi
  if [ -z "$full" ]; then
    full=$("$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.version = //p')
  fi
  full=${full#\"}
  version=${full%%[!0-9]*}
}

# Takes the JDK in folder $1 if it is better than the one found so far: the wanted version, else the lowest later one.
consider() {
  [ "$best" != "$wanted" ] || return 0
  read_version "$1"
  [ -n "$version" ] || return 0
  seen="$seen
  $1: Java $version"
  [ "$version" -ge "$wanted" ] || return 0
  if [ -z "$best" ] || [ "$version" -lt "$best" ]; then
    best=$version
    jdk=$1
  fi
}

find_jdk() {
  best=
  jdk=
  seen=
  set -f
  IFS='
'
  # JAVA_HOME, JDK_HOME, JAVA_HOME_25_X64, JAVA25_HOME and the like
  for home in ${JAVA_HOME:-} ${JDK_HOME:-} \
    $(env | sed -n -e 's/^JAVA_HOME_[0-9A-Za-z_]*=//p' -e 's/^J[AVDK]*[0-9]*_HOME=//p'); do
    consider "$home"
  done
  java=$(command -v java) || java=
  if [ -n "$java" ] && [ "$best" != "$wanted" ]; then
    home=$(resolve "$java")
    home=${home%/bin/java}
    if [ ! -r "$home/release" ]; then
      # a version manager's stand-in: ask it
      home=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
    fi
    consider "$home"
  fi
  set +f
  for home in $places; do
    consider "$home"
  done
  unset IFS
  [ -n "$jdk" ] && return 0
  {
    printf '%s: a JDK %s or later is needed, and there is none.\n' "$name" "$wanted"
    printf 'Looked at JAVA_HOME, JDK_HOME, JAVA_HOME_*, JAVA*_HOME, the java on the PATH, and:\n'
    printf '%s\n' "$places" | sed 's/^/  /'
    [ -z "$seen" ] || printf 'Found only:%s\n' "$seen"
    printf 'Install one there, or set JAVA_HOME to it.\n'
  } >&2
  return 1
}

# Is there a build, and is it newer than everything it is made of? A folder is newer when a file in it was removed.
is_built() {
  [ -f "$jar" ] && [ -f "$stamp" ] || return 1
  [ -z "$(find "$root/pom.xml" "$root/.mvn" "$root/toro-core/pom.xml" "$root/toro-core/src/main" \
    "$root/$module/pom.xml" "$root/$module/src/main" -newer "$stamp" 2>/dev/null | head -n 1)" ]
}

# Builds, one process at a time: who comes second waits, and finds it done.
build() {
  lock=$root/target/toro.lock
  mkdir -p "$root/target" || return 1
  until mkdir "$lock" 2>/dev/null; do
    if [ ! -d "$lock" ]; then
      printf '%s: cannot write to %s\n' "$name" "$root/target" >&2
      return 1
    fi
    owner=$(cat "$lock/pid" 2>/dev/null)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
      rm -rf "$lock" # its owner was killed
    else
      sleep 1
    fi
  done
  printf '%s\n' $$ >"$lock/pid"
  trap 'rm -rf "$lock"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM

  status=0
  if ! is_built; then
    if [ -f "$jar" ]; then
      printf '%s: building (the sources have changed) ...\n' "$name" >&2
    else
      printf '%s: building (first use, about a minute) ...\n' "$name" >&2
    fi
    log=$root/target/$name-build.log
    : >"$root/target/$name.started" # a file edited during the build is newer than this
    if (cd "$root" && JAVA_HOME=$jdk ./mvnw -B -pl "$module" -am package -Dmaven.test.skip=true) \
      >"$log" 2>&1 </dev/null; then
      mv "$root/target/$name.started" "$stamp"
    else
      status=1
      cat "$log" >&2
      printf '%s: the build failed (its log is above)\n' "$name" >&2
    fi
  fi
  rm -rf "$lock"
  trap - EXIT HUP INT TERM
  return $status
}

jar=$root/$module/target/$module.jar
stamp=$root/$module/target/$name.built

find_jdk || exit 2
is_built || build || exit 2
