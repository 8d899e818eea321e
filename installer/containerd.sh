
# ---- containerd, also for Kubernetes ----
#
# containerd reads hosts.toml at each pull, but its CRI plugin, which pulls for Kubernetes, does so only if
# config_path is set. ctr and nerdctl need no setting.

plan_containerd() {
    containerd_pid=$(process containerd)
    containerd_config=
    if [ -n "$containerd_pid" ]; then
        containerd_config=$(option "$containerd_pid" --config -c)
    elif [ -z "$root" ]; then
        containerd_config=$(systemctl cat containerd 2>/dev/null |
            sed -n 's/^ExecStart=.*[ ]\(--config\|-c\)[ =]\([^ ]*\).*/\2/p' | tail -n 1)
    fi
    containerd_config=${containerd_config:-/etc/containerd/config.toml}
    [ -z "$uninstall" ] || return 0
    read_config "$containerd_config"
    # config_path may be a list.
    case :$config_path: in
        :: | *:/etc/containerd/certs.d:*) hosts_dir=/etc/containerd/certs.d ;;
        *) hosts_dir=${config_path%%:*} ;;
    esac
    hosts_dir=${hosts_dir%/}
    kit_files own certificate >"$work/kit"
    while read -r file target; do
        propose "$file" "$hosts_dir${target#/etc/containerd/certs.d}"
    done <"$work/kit"
    if [ -n "$write_config" ] && needs_cri && [ -z "$config_path$cri_disabled$old_style" ]; then
        write_config
    elif [ -e "$record/written$containerd_config" ] && [ -e "$root$containerd_config" ]; then
        plan "$root$containerd_config" "$containerd_config"
        if ! was_written "$containerd_config"; then
            unmark "$root$containerd_config" >"$work/base"
            keep_original "$work/base" "$containerd_config"
        fi
    fi
}

# needs_cri: Docker's own containerd needs no config_path, unless Kubernetes is here, or somebody asks for it
needs_cri() {
    [ "$asked" = yes ] || ! found dockerd || found kubelet kubeadm crictl || [ -d "$root/etc/kubernetes" ]
}

# containerd_here ARGUMENT...: runs the containerd of this machine, or of the machine in DESTDIR
containerd_here() {
    if [ -z "$root" ]; then containerd "$@"; else found containerd && chroot "$root" containerd "$@"; fi
}

# dump PATH: prints all settings that result from a configuration file, or without one
dump() {
    if [ -e "$root$1" ]; then
        containerd_here --config "$1" config dump 2>/dev/null
    else
        containerd_here config default 2>/dev/null
    fi
}

# settings MODE: reads a configuration. MODE path prints the value of config_path; old prints the tables beside
# which containerd doesn't accept config_path; rest prints all but config_path and the name of the file.
settings() {
    awk -v mode="$1" '
        /^[ \t]*\[/ { table = $0; sub(/[ \t]*#.*/, "", table); gsub(/[][ \t"\047]/, "", table) }
        table ~ /^plugins\.(io\.containerd\.grpc\.v1\.cri|io\.containerd\.cri\.v1\.images|cri)\.registry$/ && /^[ \t]*config_path[ \t]*=/ {
            sub(/^[^=]*=[ \t]*/, ""); sub(/[ \t]*#.*/, ""); gsub(/["\047]/, "")
            if (mode == "path" && $0 != "") print
            next
        }
        mode == "old" && /^[ \t]*\[/ && table ~ /\.registry\.(mirrors\.|configs\..*\.tls$)/ { print table }
        mode == "rest" && !/^imports = / { print }'
}

# read_config PATH: what the configuration says about registries
read_config() {
    config_path='' old_style='' cri_disabled='' config_read=yes
    if found containerd && dump "$1" >"$work/dump" && [ -s "$work/dump" ]; then
        :
    elif [ -e "$root$1" ]; then
        cp "$root$1" "$work/dump"
        config_read=
    else
        : >"$work/dump"
    fi
    config_path=$(settings path <"$work/dump" | tail -n 1)
    old_style=$(settings old <"$work/dump")
    tr -d ' \n"' <"$work/dump" | tr "'" ' ' | tr -d ' ' |
        grep -qE 'disabled_plugins=\[[^]]*(cri[],]|io\.containerd\.grpc\.v1\.cri|io\.containerd\.cri\.v1\.images)' &&
        cri_disabled=yes || :
}

# table FILE: prints the header of the table in which a configuration file sets config_path
table() {
    version=$(awk '/^[ \t]*\[/ { exit } /^[ \t]*version[ \t]*=/ { gsub(/[^0-9]/, ""); print; exit }' "$1" 2>/dev/null) || :
    [ -e "$1" ] || version=$(containerd_here config default 2>/dev/null | awk '/^version = / { print $3 }') || :
    case $version in
        '' | 0 | 1) echo '[plugins.cri.registry]' ;;
        2) echo '[plugins."io.containerd.grpc.v1.cri".registry]' ;;
        *) echo "[plugins.'io.containerd.cri.v1.images'.registry]" ;;
    esac
}

# write_config: sets config_path in the main file. A file in imports would replace the whole table of the plugin
# in containerd 1.x. The new file is used only if all other settings stay as they are.
write_config() {
    main=$root$containerd_config
    is_regular "$containerd_config" || return 0
    if [ -n "$dry_run" ]; then
        note "would set config_path in $containerd_config, if all other settings stay as they are"
        return 0
    elif [ -z "$config_read" ] || ! dump "$containerd_config" >"$work/before"; then
        return 0
    fi
    header=$(table "$main")
    if [ -e "$main" ]; then
        cp "$main" "$work/main"
    else
        echo "version = $(awk '/^version = / { print $3 }' "$work/before")" >"$work/main"
    fi
    awk -v header="$header" -v line="config_path = \"$hosts_dir\" # regstatic" '
        function plain(text) { sub(/[ \t]*#.*/, "", text); gsub(/[][ \t"\047]/, "", text); return text }
        function indent(text) { match(text, /^[ \t]*/); return substr(text, 1, RLENGTH) }
        { rows[NR] = $0 }
        /^[ \t]*\[/ { table = plain($0); if (table == plain(header) && !at) at = NR }
        table == plain(header) && /^[ \t]*config_path[ \t]*=/ { set = NR }
        END {
            for (i = 1; i <= NR; i++) {
                print i == set ? indent(rows[i]) line : rows[i]
                if (i == at && !set) print indent(rows[i]) "  " line
            }
            if (!at) print header " # regstatic\n  " line
        }' "$work/main" >"$work/main.new"
    # The trial lies beside the file, because imports may be relative.
    trial=$containerd_config.regstatic
    if [ -e "$main" ]; then
        cp -p "$main" "$root$trial" && cat "$work/main.new" >"$root$trial" && dump "$trial" >"$work/after" || :
    else
        make_folders "${trial%/*}" && cp "$work/main.new" "$root$trial" && dump "$trial" >"$work/after" || :
    fi
    rm -f "$root$trial"
    settings rest <"$work/before" >"$work/before.rest"
    settings rest <"$work/after" >"$work/after.rest"
    if [ "$(settings path <"$work/after")" = "$hosts_dir" ] && cmp -s "$work/before.rest" "$work/after.rest"; then
        plan "$work/main.new" "$containerd_config"
        if [ -e "$main" ]; then
            keep_original "$main" "$containerd_config"
            backup=$record/original$containerd_config
        fi
    elif [ ! -s "$work/after" ]; then
        note "$containerd_config was left alone: with these lines, containerd doesn't accept it:
    $header
    config_path = \"$hosts_dir\""
    elif [ "$header" = '[plugins.cri.registry]' ] && ! grep -qE '^version = [12]$' "$work/after"; then
        note "$containerd_config was left alone: its version is 1, and this containerd ignores the plugins of such a
file. See: containerd config migrate"
    elif cmp -s "$work/before.rest" "$work/after.rest"; then
        note "$containerd_config was left alone: config_path has no effect there, because a file that it imports has a
table of the same plugin. Add the line to that file"
    else
        note "$containerd_config was left alone: config_path would change other settings, too:
$(diff "$work/before.rest" "$work/after.rest" | head -n 20)"
    fi
}

check_containerd() {
    if [ -n "$uninstall" ]; then
        if [ -n "$changed" ] && [ -n "$containerd_pid" ] && hasnt_read "$containerd_pid" "$containerd_config"; then
            needs "containerd hasn't read $containerd_config" "$(command_for restart containerd "$containerd_pid")" || :
        fi
        return 0
    fi
    [ -z "${backup:-}" ] || { note "the former $containerd_config is in $backup"; backup=; }
    read_config "$containerd_config"
    if [ -n "$cri_disabled" ]; then
        if [ "$wanted" = kubernetes ]; then
            lacks "the CRI plugin: disabled_plugins in $containerd_config has it. Remove it from there, and run this again."
        else
            note "ctr and nerdctl can pull; Kubernetes can't, because the CRI plugin is disabled in $containerd_config"
        fi
    elif [ -n "$config_path" ]; then
        if [ -n "$containerd_pid" ] && hasnt_read "$containerd_pid" "$containerd_config"; then
            needs "containerd started before $containerd_config changed" \
                "$(command_for restart containerd "$containerd_pid")" && sleep 1
        fi
    elif [ -n "$old_style" ]; then
        lacks "config_path, so pods don't pull from $registry. $containerd_config has these tables, beside which
containerd refuses config_path:
$(indented "$old_style")
Write a hosts.toml for each of these registries below $hosts_dir, remove the tables, and run this again."
    elif needs_cri; then
        lacks "config_path, so pods don't pull from $registry. Below this line of $containerd_config (add it if it isn't there)
    $(table "$root$containerd_config")
add this line:
    config_path = \"$hosts_dir\"
and then run: $(command_for restart containerd "$containerd_pid")$([ -n "$write_config" ] || printf '%s' "
Or run: sh install.sh --write-config --restart $wanted")"
    else
        note "ctr and nerdctl can pull; for Kubernetes, run: sh install.sh --write-config kubernetes"
    fi
    [ -n "$containerd_pid$root" ] || note "containerd isn't running; it reads the files when it starts"
    if [ -z "$config_read$root" ] && found containerd; then
        lacks "a configuration that containerd accepts. This fails: containerd --config $containerd_config config dump"
    elif [ -z "$config_read" ]; then
        note "not checked: the files that $containerd_config imports (no containerd to ask)"
    fi
    other_folders
    certificate=$root$hosts_dir/$(folder_of "$registry")/ca.crt
    ask "$containerd_pid" "$certificate" || return 0
    socket=/run/containerd/containerd.sock
    [ -z "$containerd_pid" ] || socket=$(socket_of "$work/dump")
    if [ -z "$image" ]; then
        :
    elif found crictl && [ -n "$config_path" ] && [ -z "$cri_disabled" ]; then
        try crictl --runtime-endpoint "unix://$socket" --image-endpoint "unix://$socket" pull "$image"
    elif found ctr; then
        try ctr -a "$socket" -n k8s.io images pull --hosts-dir "$hosts_dir" "$(full_name "$image")"
    fi
    check_sandbox
}

# check_sandbox: the pause image, which this node may have already
check_sandbox() {
    [ "$wanted" = kubernetes ] || found kubelet kubeadm || [ -d "$root/etc/kubernetes" ] || return 0
    sandbox=$(awk '/^[ \t]*(sandbox_image|sandbox)[ \t]*=/ { gsub(/["\047]/, ""); print $3; exit }' "$work/dump")
    [ -n "$sandbox" ] || return 0
    if [ -n "$containerd_pid" ] && found ctr &&
        ctr -a "$socket" -n k8s.io images ls -q 2>/dev/null | grep -qxF -- "$(full_name "$sandbox")"; then
        echo "  this node has the pause image, $sandbox"
        return 0
    fi
    case $(table "$root$containerd_config") in
        *cri.v1.images*) line="sandbox in [plugins.'io.containerd.cri.v1.images'.pinned_images]" ;;
        *grpc*) line='sandbox_image in [plugins."io.containerd.grpc.v1.cri"]' ;;
        *) line='sandbox_image in [plugins.cri]' ;;
    esac
    check_pause "$sandbox" "$line of $containerd_config"
}

# folder_of HOST: prints the name of the folder of a host
folder_of() { echo "$1" | sed 's/:\([0-9]*\)$/_\1_/'; }

# other_folders: containerd reads the folder of a host in the first place of config_path that has it
other_folders() {
    for place in $(echo "$config_path" | tr : ' '); do
        [ "${place%/}" != "$hosts_dir" ] || return 0
        for host in $registry $mirrors; do
            for name in "$host" "$(folder_of "$host")"; do
                [ ! -d "$root$place/$name" ] ||
                    lacks "$place/$name counts instead of $hosts_dir/$(folder_of "$host"). Remove it."
            done
        done
    done
}

# socket_of DUMP: prints the path of the socket of containerd
socket_of() {
    path=$(option "$containerd_pid" --address -a)
    [ -n "$path" ] || path=$(awk '/^\[/ { in_grpc = /^\[grpc\]/ } in_grpc && $1 == "address" { gsub(/["\047]/, ""); print $3 }' "$1")
    echo "${path:-/run/containerd/containerd.sock}"
}
