
# ---- Docker ----

plan_docker() {
    docker_pid=$(process dockerd)
    docker_config=
    [ -z "$docker_pid" ] || docker_config=$(option "$docker_pid" --config-file)
    docker_config=${docker_config:-/etc/docker/daemon.json}
    [ -z "$uninstall" ] || return 0
    kit_files own certificate >"$work/kit"
    while read -r file target; do propose "$file" "$target"; done <"$work/kit"
    kit_files shared >"$work/kit"
    while read -r file target; do
        docker_flags "$file" && share "$file" "$docker_config"
    done <"$work/kit"
    new=$work/new$docker_config
    if [ -z "$obstacles$root" ] && [ -e "$new" ] && dockerd --help 2>/dev/null | grep -q -e --validate &&
        ! dockerd --validate --config-file "$new" >"$work/output" 2>&1; then
        obstacle "Docker refuses $docker_config with the settings of the kit:
$(tail -n 3 "$work/output")"
    fi
}

# docker_flags FILE: Docker doesn't start if a setting is a flag and in daemon.json, too
docker_flags() {
    [ -z "$root" ] || return 0
    flags=
    ! grep -q registry-mirrors "$1" || flags=--registry-mirror
    ! grep -q insecure-registries "$1" || flags="$flags --insecure-registry"
    for flag in $flags; do
        if { [ -n "$docker_pid" ] && tr '\0' '\n' <"/proc/$docker_pid/cmdline"; cat /etc/default/docker \
            /etc/sysconfig/docker /etc/conf.d/docker 2>/dev/null; systemctl cat docker 2>/dev/null; } |
            grep -v '^ *#' | grep -q -e "$flag"; then
            obstacle "Docker is started with $flag. It doesn't start if $docker_config has this setting, too. Move the
value of the flag into $docker_config, and then run this again."
            return 1
        fi
    done
}

check_docker() {
    [ -z "$docker_pid" ] || docker_reload || :
    [ -z "$uninstall" ] || return 0
    [ -n "$docker_pid$root" ] || note "Docker isn't running; it reads the files when it starts"
    store=$([ -z "$docker_pid" ] || docker info -f '{{.DriverStatus}}' 2>/dev/null) || store=
    # Docker 26 has the containerd store, too, but doesn't read hosts.toml.
    docker_version=$([ -z "$store" ] || docker version -f '{{.Server.Version}}' 2>/dev/null) || docker_version=
    case ${docker_version%%.*}:$store in
        2[0-7]:*io.containerd.snapshotter*) store=old ;;
    esac
    case $store in
        *io.containerd.snapshotter*) ;;
        ?*)
            others=$(printf '%s\n' "$mirrors" | grep -vx docker.io) || others=
            [ -z "$others" ] ||
                note "this Docker redirects only names of Docker Hub. Pull images of these registries as $registry/NAME:
$(indented "$others")"
            ;;
    esac
    ask "$docker_pid" "$root/etc/docker/certs.d/$registry/ca.crt" || return 0
    [ -z "$image" ] || try docker pull "$image"
}

# docker_reload: a reload makes Docker read the settings that the kit has for daemon.json
docker_reload() {
    ! docker_reads || return 0
    needs "Docker hasn't read $docker_config" "$(command_for reload docker "$docker_pid")" || return 1
    sleep 1
    ! docker_reads || return 0
    restart_docker=$(command_for restart docker "$docker_pid")
    if [ "$(docker info -f '{{.LiveRestoreEnabled}}' 2>/dev/null)" = true ]; then
        needs "Docker needs a restart" "$restart_docker"
    else
        lacks "Docker needs a restart, which stops all its containers, because live-restore is off.
Run, when that is possible: $restart_docker"
        return 1
    fi
}

# docker_reads: whether the running engine has these settings; a client that can't ask it can't tell
docker_reads() {
    [ -f docker/daemon.json ] || return 0
    info=$(docker info -f '{{.RegistryConfig.Mirrors}}{{range $n, $i := .RegistryConfig.IndexConfigs}} insecure {{$n}} {{$i.Secure}} {{end}}' \
        2>/dev/null) || return 0
    if [ -n "$uninstall" ]; then
        # Docker keeps a mirror if the reloaded file has no mirrors.
        case $info in *"://$former/"* | *"://$former]"*) grep -qsF "://$former" "$docker_config" ;; esac
        return
    fi
    sed -n 's/^  "\(.*\)": \["\(.*\)"\],*$/\1 \2/p' docker/daemon.json >"$work/settings"
    while read -r name value; do
        case $name in
            registry-mirrors) case $info in *"[$value/"* | *" $value/"* | *"[$value"[\ \]]*) ;; *) return 1 ;; esac ;;
            insecure-registries) case $info in *" insecure $value false "*) ;; *) return 1 ;; esac ;;
        esac
    done <"$work/settings"
}
