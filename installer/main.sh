
# ---- The loop over the engines ----

# kind_of NAME: the engine to set up for a name; kubernetes is whatever runs the pods of this node
kind_of() {
    if [ "$1" != kubernetes ]; then
        echo "$1"
    elif found crio && { ! found containerd || grep -qs 'crio\.sock' "$root/var/lib/kubelet/kubeadm-flags.env" \
        "$root/var/lib/kubelet/config.yaml" || [ -n "$(process crio)" ]; }; then
        echo podman
    elif found containerd; then
        echo containerd
    elif found k3s; then
        echo k3s
    elif found rke2; then
        echo rke2
    fi
}

detect() {
    ! found dockerd || echo docker
    ! found containerd || echo containerd
    ! found podman buildah skopeo crio || echo podman
    ! found k3s || echo k3s
    ! found rke2 || echo rke2
}

report() {
    [ -z "$notes" ] || printf '%s' "$notes" | sed 's/^/  /'
    if [ -n "$obstacles" ]; then
        echo "$wanted: NOT READY; nothing was changed" >&2
        printf '%s' "$obstacles" | sed 's/^/  /' >&2
        status=1
    elif [ -n "$missing" ] && [ -n "$uninstall" ]; then
        echo "$wanted: the files are taken back, but:" >&2
        printf '%s' "$missing" | sed 's/^/  /' >&2
        status=1
    elif [ -n "$missing" ]; then
        echo "$wanted: NOT READY; missing:" >&2
        printf '%s' "$missing" | sed 's/^/  /' >&2
        status=1
    elif [ -n "$dry_run" ]; then
        echo "$wanted: nothing was changed (--dry-run)"
    elif [ -n "$uninstall" ]; then
        echo "$wanted: taken back"
    elif [ -z "$asks" ] || [ -n "$unasked" ]; then
        echo "$wanted: files in place; the registry wasn't asked"
    else
        echo "$wanted: ready"
    fi
}

# set_up NAME
set_up() {
    wanted=$1
    kind=$(kind_of "$1")
    begin "$kind"
    if [ -z "$kind" ]; then
        obstacle "This machine has neither containerd nor CRI-O."
        report
        return 0
    fi
    echo "$wanted"
    former=$(cat "$record/registry" 2>/dev/null) || former=$registry
    [ "$former" = "$registry" ] || [ -n "$uninstall" ] || echo "  replaces the files for $former"
    "plan_$kind"
    [ -n "$obstacles" ] || leftovers
    [ -n "$obstacles" ] || commit
    [ -n "$obstacles" ] || "check_$kind"
    report
}

asked=yes
if [ -z "$names" ] && [ -n "$uninstall" ]; then
    for folder in "$root"/var/lib/regstatic/clients/*; do
        [ ! -d "$folder" ] || names="$names ${folder##*/}"
    done
    if [ -z "$names" ]; then
        echo "install.sh: there is nothing to take back"
        exit
    fi
elif [ -z "$names" ]; then
    asked=
    names=$(detect)
    [ -n "$names" ] || refuse "no engine found; name one, such as docker"
fi
[ -n "$dry_run$root" ] || [ "$(id -u)" = 0 ] || refuse "only root can change the files of the engines; --dry-run shows what would change"
# Two runs at once would change each other's record.
if [ -z "$dry_run" ] && command -v flock >/dev/null; then
    exec 9<"${root:-/}"
    flock -n 9 || refuse "another run of this script is at work on this machine"
fi
status=0
for name in $names; do set_up "$name"; done
exit $status
