
# ---- The system's list of CAs ----

plan_system() {
    trust=/usr/local/share/ca-certificates update=update-ca-certificates
    if [ -d "$root/etc/pki/ca-trust/source/anchors" ]; then
        trust=/etc/pki/ca-trust/source/anchors update=update-ca-trust
    elif [ -d "$root/etc/pki/trust/anchors" ]; then
        trust=/etc/pki/trust/anchors
    fi
    if [ -n "$uninstall" ]; then
        # It leaves the links to files that are gone, otherwise.
        [ "$update" != update-ca-certificates ] || update="$update --fresh"
        return 0
    fi
    kit_files certificate >"$work/kit"
    while read -r file target; do propose "$file" "$trust/${target##*/}"; done <"$work/kit"
}

check_system() {
    [ -n "$root" ] || [ -z "$changed" ] || needs "the system's list of CAs has to be made again" "$update" || return 0
    ask "" ""
}
