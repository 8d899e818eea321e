
# ---- podman, buildah, skopeo and CRI-O ----

plan_podman() {
    crio_pid=$(process crio)
    [ -z "$uninstall" ] || return 0
    kit_files own certificate >"$work/kit"
    while read -r file target; do propose "$file" "$target"; done <"$work/kit"
}

check_podman() {
    if [ -n "$changed" ] && [ -n "$crio_pid" ]; then
        needs "CRI-O hasn't read the new files" "$(command_for reload crio "$crio_pid")" || :
    fi
    [ -z "$uninstall" ] || return 0
    check_registries_conf
    check_policy
    ask "$crio_pid" "$root/etc/containers/certs.d/$registry/ca.crt" || return 0
    if [ -z "$image" ]; then
        :
    elif [ -n "$crio_pid" ] && found crictl; then
        try crictl --runtime-endpoint unix:///run/crio/crio.sock --image-endpoint unix:///run/crio/crio.sock \
            pull "$(full_name "$image")"
    elif found podman; then
        try podman pull "$(full_name "$image")"
    elif found buildah; then
        try buildah pull "$(full_name "$image")"
    elif found skopeo; then
        try skopeo inspect --no-tags "docker://$(full_name "$image")"
    fi
    if [ -z "$root" ] && found crio; then
        # A default is a comment there.
        check_pause "$(crio config 2>/dev/null | sed -n 's/^[# ]*pause_image = "\(.*\)".*/\1/p' | tail -n 1)" \
            "pause_image in a file of /etc/crio/crio.conf.d"
    fi
}

# check_registries_conf: other files with settings of the same registries
check_registries_conf() {
    folder=$root/etc/containers
    if [ -e "$folder/registries.conf" ] && grep -q '^ *\[registries\.' "$folder/registries.conf"; then
        lacks "/etc/containers/registries.conf has tables of version 1, such as [registries.search]. podman refuses
them beside registries.conf.d. Write them in version 2: man 5 containers-registries.conf"
    fi
    after=
    for file in "$folder"/registries.conf.d/*.conf; do
        # Of two tables with one prefix, that of the later file counts.
        [ "$file" != "$folder/registries.conf.d/50-regstatic.conf" ] || after=yes
        [ -n "$after" ] && [ -e "$file" ] && [ "$file" != "$folder/registries.conf.d/50-regstatic.conf" ] || continue
        for host in $mirrors; do
            if grep -qE "^ *(prefix|location) *= *[\"']${host}[\"']" "$file"; then
                lacks "${file#"$root"} also has a table for $host, which counts instead of the kit's. Remove it."
            fi
        done
    done
}

# check_policy: policy.json says from which registries images are accepted
check_policy() {
    policy=$root/etc/containers/policy.json
    if [ ! -e "$policy" ]; then
        lacks "/etc/containers/policy.json, without which nothing can be pulled. The package containers-common has it
(Debian: golang-github-containers-common)."
        return 0
    fi
    # By the name of the image, not by the server that it comes from.
    for host in $registry $mirrors; do
        case $(policy_for "$host") in
            accepted) ;;
            unknown)
                grep -q 'insecureAcceptAnything' "$policy" && ! grep -qE 'reject|signedBy|sigstoreSigned' "$policy" ||
                    note "not checked: whether /etc/containers/policy.json accepts images of $host (no python3 or jq)"
                ;;
            *)
                lacks "/etc/containers/policy.json doesn't accept unsigned images of $host. To accept them, add this to
\"docker\" in \"transports\":
    \"$host\": [{\"type\": \"insecureAcceptAnything\"}]"
                ;;
        esac
    done
}

# policy_for HOST: prints accepted, refused or unknown
policy_for() {
    if command -v python3 >/dev/null; then
        python3 - "$policy" "$1" <<'END' 2>/dev/null || echo unknown
import json, sys
policy = json.load(open(sys.argv[1], encoding="utf-8"))
docker = policy.get("transports", {}).get("docker", {})
rules = docker.get(sys.argv[2], docker.get("", policy["default"]))
print("accepted" if all(rule["type"] == "insecureAcceptAnything" for rule in rules) else "refused")
END
    elif command -v jq >/dev/null; then
        jq -r --arg host "$1" '(.transports.docker // {}) as $docker | ($docker[$host] // $docker[""] // .default)
            | if all(.[]; .type == "insecureAcceptAnything") then "accepted" else "refused" end' \
            "$policy" 2>/dev/null || echo unknown
    else
        echo unknown
    fi
}
