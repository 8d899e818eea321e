
# ---- Processes, services, and the request to the registry ----

# process NAME: prints the number of the running process with this name that reads the same /etc. Engines that
# Docker, k3s or RKE2 start for themselves, and those in containers, don't count.
process() {
    [ -z "$root" ] || return 0
    for folder in /proc/[0-9]*; do
        read -r comm 2>/dev/null <"$folder/comm" || continue
        [ "$comm" = "$1" ] && [ "$folder/root/etc/." -ef /etc/. ] || continue
        parent=$(sed -n 's/^PPid:[^0-9]*//p' "$folder/status" 2>/dev/null) || continue
        read -r comm 2>/dev/null <"/proc/$parent/comm" || comm=
        case $comm in
            dockerd | k3s* | rke2* | containerd) ;;
            *)
                echo "${folder#/proc/}"
                return 0
                ;;
        esac
    done
}

# option PROCESS NAME...: prints the value of a command-line option of a process
option() {
    tr '\0' '\n' 2>/dev/null <"/proc/$1/cmdline" | awk -v names=" $2 ${3:-} " '
        found { print; exit }
        index(names, " " $0 " ") { found = 1 }
        { name = $0; sub(/=.*/, "", name) }
        /=/ && index(names, " " name " ") { sub(/^[^=]*=/, ""); print; exit }'
}

# hasnt_read PROCESS PATH: whether the process started before the file last changed
hasnt_read() {
    ! was_changed "$2" || return 0
    [ -e "$root$2" ] || return 1
    age=$(awk -v hertz="$(getconf CLK_TCK 2>/dev/null || echo 100)" '
        NR == 1 { sub(/.*\) /, ""); ticks = $20 }
        NR == 2 { print int($1 - ticks / hertz) }' "/proc/$1/stat" /proc/uptime 2>/dev/null) || return 1
    when=$(stat -c %Z "$root$2" 2>/dev/null || date -r "$root$2" +%s) || return 1
    [ "$when" -gt $(($(date +%s) - ${age:-0})) ]
}

# command_for ACTION SERVICE PROCESS: prints the command that reloads or restarts a service here
command_for() {
    if [ -d /run/systemd/system ]; then
        echo "systemctl $1 $2"
    elif command -v rc-service >/dev/null; then
        echo "rc-service $2 $1"
    elif [ "$1" = reload ] && [ -n "$3" ]; then
        echo "kill -HUP $3"
    else
        echo "service $2 $1"
    fi
}

# needs REASON COMMAND: runs the command with --restart, and names it otherwise. The service that starts must not
# keep the lock of this run.
needs() {
    if [ -z "$restart" ] || [ -n "$dry_run" ]; then
        lacks "$1. Run: $2
(or this script with --restart)"
        return 1
    elif $2 >"$work/output" 2>&1 9<&-; then
        echo "  done: $2"
    else
        lacks "$1, but this failed: $2
$(tail -n 3 "$work/output")"
        return 1
    fi
}

# proxies PROCESS: prints the proxy settings that an engine has: its own if it is a service
proxies() {
    if [ -n "$1" ]; then tr '\0' '\n' 2>/dev/null <"/proc/$1/environ" || :; else env; fi |
        grep -iE '^(https?|no)_proxy=[^ ]+$' | sed 's/^\(.*\)=/\1 /' |
        awk '{ print tolower($1) "=" $2 }' || :
}

# ask PROCESS CERTIFICATE: asks the registry what an engine asks first, as the engine would
ask() {
    [ -n "$asks" ] && [ -z "$uninstall" ] || return 0
    certificate=$2
    [ -z "$authority" ] || [ -e "$certificate" ] || [ -z "$certificate" ] || certificate=$kit/$authority
    [ -n "$authority" ] || certificate=
    settings=$(proxies "$1")
    if ! get "$url/v2/"; then
        note "not checked: nothing here can ask $url/v2/ (no curl, and no wget that checks certificates)"
        unasked=yes
        return 0
    fi
    case $answer in
        200) echo "  $url/v2/ answers" ;;
        '' | 000)
            lacks "an answer of $url/v2/:
$(grep -iE 'curl:|wget:|error|refused|unable' "$work/output" | sed 's/^/  /' | head -n 1)$(
                [ -z "$settings" ] || printf '\nwith the proxy settings of the engine: %s' "$(echo $settings)"
                ! grep -qi certificate "$work/output" ||
                    printf '\nIf the server has a new CA, run this at home, and use the new kit: regstatic clients SITE --host %s --ca CA' "$registry")"
            return 1
            ;;
        *)
            lacks "$url/v2/ answers with status $answer, and not with 200. Run: regstatic doctor $url"
            return 1
            ;;
    esac
}

# get URL: sets answer to the HTTP status that $settings and $certificate lead to, or to nothing if there is
# none; fails if no program here can ask
get() {
    if command -v curl >/dev/null; then
        # shellcheck disable=SC2086 # One word for each setting, and none without a certificate.
        answer=$(env -i PATH="$PATH" $settings curl -sS -m 20 -o /dev/null -w '%{http_code}' \
            ${certificate:+--cacert "$certificate"} "$1" 2>"$work/output") || answer=
    elif command -v wget >/dev/null && { [ "${url%%:*}" = http ] || wget --help 2>&1 | grep -q -e --ca-certificate; }; then
        # shellcheck disable=SC2086
        if env -i PATH="$PATH" $settings wget -T 20 -O /dev/null ${certificate:+--ca-certificate="$certificate"} \
            "$1" >"$work/output" 2>&1; then answer=200; else answer=; fi
    else
        return 1
    fi
}

# check_pause IMAGE SETTING: whether the registry has the pause image of an engine; call it after ask
check_pause() {
    [ -n "$1" ] && [ -n "$asks" ] && [ -z "$unasked$uninstall" ] || return 0
    pause=$(full_name "$1")
    for place in $(manifests "$pause"); do
        get "$place"
        [ "$answer" != 200 ] || {
            echo "  the registry has the pause image, $pause"
            return 0
        }
    done
    lacks "the pause image, $pause, without which no pod starts. Add it to the site at home:
    docker pull $pause && docker save $pause -o pause.tar
    regstatic build pause.tar -o SITE
or name a pause image that the registry has: $2"
}

# manifests NAME: prints the URLs at which engines with this kit look for a full name; nothing if they ask
# another registry
manifests() {
    reference=${1##*[:@]}
    case $1 in *@*) reference=${1#*@} ;; esac
    name=${1%%@*}
    case ${name##*/} in *:*) name=${name%:*} ;; esac
    { echo "$registry"; setting mirror; } | awk -v name="$name" -v reference="$reference" -v url="$url/v2/" '
        {
            place = $1
            if (!sub(/^[^=]*=/, "", place)) place = ""
            sub(/=.*/, "")
            if (index(name, $1 "/") == 1)
                print url (place == "" ? "" : place "/") substr(name, length($1) + 2) "/manifests/" reference
        }'
}

# full_name IMAGE: the image with its registry and tag
full_name() {
    full=$1
    case $full in
        */*) case ${full%%/*} in *[.:]* | localhost) ;; *) full=docker.io/$full ;; esac ;;
        *) full=docker.io/library/$full ;;
    esac
    case ${full##*/} in *:*) ;; *) full=$full:latest ;; esac
    echo "$full"
}

# try COMMAND...: pulls the image of --check
try() {
    [ -n "$image" ] && [ -z "$missing$dry_run$uninstall" ] || return 0
    if "$@" >"$work/output" 2>&1; then
        echo "  pulled: $*"
        unasked=
    else
        lacks "this failed: $*
$(tail -n 3 "$work/output")"
    fi
}

# found PROGRAM...: whether the machine has one of the programs
found() {
    for program; do
        if [ -z "$root" ]; then
            ! command -v "$program" >/dev/null || return 0
        else
            for folder in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do
                [ ! -x "$root$folder/$program" ] || return 0
            done
        fi
    done
    return 1
}
