
# ---- The files of an engine: all of them change, or none ----
#
# The plan of a run, in $work: new/ has every file as it should be, lists are back (files to take back to what
# they were) and gone (files to delete). The record of an engine, in /var/lib/regstatic/clients/ENGINE:
#   written/   every file as this script wrote it; a file that differs was changed by somebody else
#   original/  the files that were there before, without the settings of the kit
#   added/     the files of the kit that were merged into other files
# Beside the records, the list folders has the folders that this script made.

begin() {
    engine=$1
    records=$root/var/lib/regstatic/clients
    record=$records/$engine
    rm -rf "${work:?}"/*
    mkdir "$work/new" "$work/original" "$work/added" "$work/staged"
    : >"$work/back"
    : >"$work/gone"
    obstacles='' missing='' notes='' changed='' unasked=''
    nl='
'
}

# Something that keeps the files of this engine from being written.
obstacle() { obstacles="$obstacles$1$nl"; }
# Something that keeps this engine from pulling.
lacks() { missing="$missing$1$nl"; }
note() { notes="$notes$1$nl"; }

# indented TEXT: each line of TEXT, four columns further to the right
indented() { printf '%s\n' "$1" | sed 's/^/    /'; }

# kit_files KIND...: FILE TARGET of each file of this engine
kit_files() { awk -v engine="$engine" -v kinds=" $* " \
    '$1 == "file" && $2 == engine && index(kinds, " " $3 " ") { print $4, $5 }' kit.txt; }

# was_written PATH: the file is as this script wrote it
was_written() {
    cmp -s "$record/written$1" "$root$1" || cmp -s "$record/writing$1" "$root$1"
}

# is_marked PATH: an older version of this script wrote the file, and made no record
is_marked() {
    [ ! -e "$record/written$1" ] && [ -f "$root$1" ] && head -n 1 "$root$1" | grep -q '^# regstatic: '
}

# is_regular PATH: nothing but a file is there, or nothing. A link could lead root's copy to any file.
is_regular() {
    if [ -L "$root$1" ] || [ -L "$root$1.regstatic" ] || { [ -e "$root$1" ] && [ ! -f "$root$1" ]; }; then
        obstacle "$1 isn't a regular file. Remove it, and then run this again."
        return 1
    fi
}

# plan FILE PATH: PATH is to have the contents of FILE
plan() {
    mkdir -p "$(dirname "$work/new$2")"
    cp "$1" "$work/new$2"
}

# keep_original FILE PATH: without the kit, PATH would have the contents of FILE
keep_original() {
    mkdir -p "$(dirname "$work/original$2")"
    cp "$1" "$work/original$2"
}

# in_kit FILE TARGET: whoever deletes a file of the kit doesn't want it
in_kit() {
    [ ! -f "$1" ] || return 0
    note "$2 was left alone: $kit has no $1"
    return 1
}

# permit TARGET: ends the run if a kit may not write there
permit() {
    case $1 in
        */../*) ;;
        /etc/docker/* | /etc/containerd/* | /etc/containers/* | /etc/rancher/*) return 0 ;;
        /usr/local/share/ca-certificates/* | /etc/pki/* | "${hosts_dir:-/etc/containerd/certs.d}"/*) return 0 ;;
    esac
    refuse "kit.txt names $1"
}

# propose FILE TARGET: a file that only the kit writes
propose() {
    permit "$2"
    in_kit "$1" "$2" || return 0
    is_regular "$2" || return 0
    if [ ! -e "$root$2" ] || was_written "$2" || is_marked "$2"; then
        plan "$1" "$2"
    elif cmp -s "$1" "$root$2"; then
        [ -e "$record/written$2" ] || keep_original "$1" "$2"
        plan "$1" "$2"
    elif [ -e "$record/written$2" ]; then
        obstacle "$2 was changed after this script had written it. Delete it to get the kit's file, or delete
$kit/$1 to keep yours, and then run this again."
    else
        obstacle "$2 exists, and this script didn't write it. Delete it to get the kit's file, or delete
$kit/$1 to keep yours, and then run this again."
    fi
}

# share FILE TARGET: settings of the kit that belong into a file with other settings
share() {
    in_kit "$1" "$2" || return 0
    is_regular "$2" || return 0
    if [ ! -e "$root$2" ] || is_marked "$2" || { was_written "$2" && [ ! -e "$record/original$2" ]; }; then
        plan "$1" "$2"
        return 0
    fi
    if base "$2" >"$work/base" && merge "$work/base" "$1" >"$work/merged"; then
        # A file that has the settings already keeps its form.
        cmp -s "$work/base" "$work/merged" && cp "$root$2" "$work/merged"
        plan "$work/merged" "$2"
        keep_original "$work/base" "$2"
        mkdir -p "$(dirname "$work/added$2")"
        cp "$1" "$work/added$2"
    elif has_settings "$root$2" "$1"; then
        plan "$root$2" "$2"
        keep_original "$root$2" "$2"
    else
        obstacle "$2 has other settings. Add these, and then run this again:
$(sed 's/^/    /' "$1")"
    fi
}

# base PATH: prints the file without the settings that this script added
base() {
    if was_written "$1" && [ -e "$record/original$1" ]; then
        cat "$record/original$1"
    elif [ -e "$record/added$1" ]; then
        unmerge "$root$1" "$record/added$1"
    elif [ -e "$record/original$1" ]; then
        unmark "$root$1"
    else
        cat "$root$1"
    fi
}

# leftovers: takes back the files that this script wrote once, and that the plan lacks
leftovers() {
    for tree in written writing; do
        [ ! -d "$record/$tree" ] || (cd "$record/$tree" && find . -type f | sed 's/^\.//')
    done | sort -u >"$work/old"
    while read -r path; do
        [ ! -e "$work/new$path" ] || continue
        if [ ! -e "$root$path" ]; then
            :
        elif was_written "$path" && [ ! -e "$record/original$path" ]; then
            echo "$path" >>"$work/gone"
        elif was_written "$path" || [ -e "$record/added$path" ] || [ -e "$record/original$path" ]; then
            if base "$path" >"$work/base"; then
                plan "$work/base" "$path"
                echo "$path" >>"$work/back"
            else
                obstacle "$path was changed after this script had written it. Remove these settings, and then run this again:
$(sed 's/^/    /' "$record/added$path")"
            fi
        else
            note "$path was left alone: it was changed after this script had written it"
        fi
    done <"$work/old"
}

# changes: prints written, restored, deleted or unchanged, and the path, for each file of the plan
changes() {
    (cd "$work/new" && find . -type f | sed 's/^\.//' | sort) >"$work/all"
    while read -r path; do
        if cmp -s "$work/new$path" "$root$path"; then
            echo "unchanged $path"
        elif grep -qxF -- "$path" "$work/back"; then
            echo "restored $path"
        else
            echo "written $path"
        fi
    done <"$work/all"
    sed 's/^/deleted /' "$work/gone"
}

# make_folders FOLDER: makes it and what lies above it, and records what it made
make_folders() {
    [ ! -d "$root$1" ] || return 0
    [ "$1" != / ] || return 1
    make_folders "$(dirname "$1")" || return 1
    mkdir "$root$1" && echo "$1" >>"$work/folders"
}

# was_changed PATH: whether this run changed the file
was_changed() { grep -qxF -e "written $1" -e "restored $1" -e "deleted $1" "$work/changes"; }

# stage: puts every new file beside its place, so that a full disk is noticed before anything changes
stage() {
    while read -r action path; do
        case $action in
            written | restored)
                make_folders "$(dirname "$path")" || return 1
                # A copy of the old file first: the new one gets its owner and mode.
                if [ -e "$root$path" ]; then
                    mkdir -p "$(dirname "$work/staged$path")"
                    cp -p "$root$path" "$work/staged$path" && cp -p "$root$path" "$root$path.regstatic" || return 1
                fi
                cat "$work/new$path" >"$root$path.regstatic" || return 1
                ;;
            deleted)
                mkdir -p "$(dirname "$work/staged$path")"
                cp -p "$root$path" "$work/staged$path" || return 1
                ;;
        esac
    done <"$work/changes"
}

# remember: makes the record, before the first file changes
remember() (
    umask 077
    [ ! -d "$record" ] || cp -Rp "$record" "$work/record" || exit 1
    mkdir -p "$record/written" "$record/original" "$record/added" && rm -rf "$record/writing" &&
        cp -R "$work/new" "$record/writing" && cp -R "$work/original/." "$record/original/" &&
        cp -R "$work/added/." "$record/added/" || exit 1
    while read -r path; do rm -f "$record/writing$path"; done <"$work/back"
    [ ! -f "$work/folders" ] || cat "$work/folders" >>"$records/folders"
)

apply() {
    while read -r action path; do
        case $action in
            written | restored) mv -f "$root$path.regstatic" "$root$path" || return 1 ;;
            deleted) rm "$root$path" || return 1 ;;
            *) continue ;;
        esac
        # For SELinux, the type that belongs to the place.
        [ "$action" = deleted ] || [ -n "$root" ] || ! command -v restorecon >/dev/null || restorecon "$path" || :
    done <"$work/changes"
}

# undo: after a failure, every file is again as it was
undo() {
    while read -r action path; do
        [ "$action" != unchanged ] || continue
        rm -f "$root$path.regstatic"
        if [ -e "$work/staged$path" ]; then
            cmp -s "$work/staged$path" "$root$path" || cp -p "$work/staged$path" "$root$path" || :
        elif cmp -s "$work/new$path" "$root$path"; then
            rm -f "$root$path" || :
        fi
    done <"$work/changes"
    if [ -d "$work/record" ]; then
        rm -rf "$record"
        cp -Rp "$work/record" "$record" || :
    elif [ ! -d "$record/written" ] || [ -z "$(find "$record/written" -type f)" ]; then
        rm -rf "$record"
    fi
    [ ! -f "$work/folders" ] || remove_folders "$work/folders"
}

# remove_folders LIST: the deepest first; a folder that has files stays. The last record goes with its folders.
remove_folders() {
    sort -ru "$1" | while read -r path; do rmdir "$root$path" 2>/dev/null || :; done
    [ -z "$(find "$records" -mindepth 1 -type d 2>/dev/null)" ] || return 0
    rm -f "$records/folders"
    (cd "$root/" && rmdir -p var/lib/regstatic/clients 2>/dev/null) || :
}

# settle: makes the record that of this run
settle() {
    rm -rf "$record/written"
    mv "$record/writing" "$record/written"
    echo "$registry" >"$record/registry"
    cat "$work/back" "$work/gone" | while read -r path; do rm -f "$record/original$path" "$record/added$path"; done
    [ -n "$(find "$record/written" -type f)" ] || rm -rf "$record"
    [ -f "$records/folders" ] || : >"$records/folders"
    [ -d "$record" ] && [ ! -s "$work/gone" ] || remove_folders "$records/folders"
}

# commit: carries out the plan
commit() {
    changes >"$work/changes"
    same=0
    while read -r action path; do
        if [ "$action" = unchanged ]; then
            same=$((same + 1))
        else
            changed=yes
            echo "  ${dry_run:+would be }$action: $path"
        fi
    done <"$work/changes"
    [ "$same" -eq 0 ] || echo "  unchanged: $same of the files"
    [ -s "$work/changes" ] || echo "  needs no file"
    [ -z "$dry_run" ] || return 0
    [ -s "$work/changes" ] || [ -d "$record" ] || return 0
    # Ctrl-C waits, so that it can't end this half-way.
    trap '' HUP INT TERM
    if stage && remember && apply; then
        settle
    else
        undo
        obstacle "a file could not be written; the message is above. All files are as they were."
    fi
    trap 'exit 1' HUP INT TERM
}
