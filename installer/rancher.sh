
# ---- k3s and RKE2: they make containerd's files from registries.yaml when they start ----

plan_k3s() { plan_rancher k3s; }
plan_rke2() { plan_rancher rke2; }
check_k3s() { check_rancher k3s k3s-server k3s-agent; }
check_rke2() { check_rancher rke2 rke2; }

plan_rancher() {
    [ -z "$uninstall" ] || return 0
    kit_files shared >"$work/kit"
    while read -r file target; do
        permit "$target"
        share "$file" "$target"
    done <"$work/kit"
    kit_files certificate >"$work/kit"
    while read -r file target; do propose "$file" "$target"; done <"$work/kit"
}

# check_rancher ENGINE PROCESS...
check_rancher() {
    name=$1
    shift
    rancher_pid=
    for process; do rancher_pid=${rancher_pid:-$(process "$process")}; done
    service=$name
    [ "$name" = k3s ] || service=rke2-server
    [ -z "$rancher_pid" ] || ! tr '\0' ' ' <"/proc/$rancher_pid/cmdline" | grep -q ' agent\|-agent' || service=$name-agent
    yaml=/etc/rancher/$name/registries.yaml
    if [ -n "$rancher_pid" ] && { [ -n "$changed" ] || hasnt_read "$rancher_pid" "$yaml"; }; then
        needs "$name started before $yaml changed" "$(command_for restart "$service" "$rancher_pid")" || :
    fi
    [ -z "$uninstall" ] || return 0
    if [ -n "$mirrors" ] && ! grep -qs '^ *disable-default-registry-endpoint: *true' "$root/etc/rancher/$name/config.yaml"; then
        note "for images that $registry lacks, $name also asks the original registries; to prevent that, set
disable-default-registry-endpoint: true in /etc/rancher/$name/config.yaml"
    fi
    ask "$rancher_pid" "$root/etc/rancher/$name/regstatic-ca.crt" || return 0
    # The pause image is usually in a file that this engine imports, so this is no fault.
    pause=$(sed -n 's/^ *sandbox\(_image\)\{0,1\} *= *["'"'"']\(.*\)["'"'"'].*/\2/p' \
        "$root/var/lib/rancher/$name/agent/etc/containerd/config.toml" 2>/dev/null | tail -n 1)
    [ -z "$pause" ] || note "no pod starts without the pause image, $pause: it must be in the registry, or in
/var/lib/rancher/$name/agent/images"
    [ -n "$image" ] || return 0
    if [ "$name" = k3s ]; then
        try k3s crictl pull "$image"
    else
        try /var/lib/rancher/rke2/bin/crictl --runtime-endpoint unix:///run/k3s/containerd/containerd.sock pull "$image"
    fi
}
