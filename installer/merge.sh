
# ---- Settings that are merged into a file with other settings ----

# merge BASE FILE: prints BASE with the settings of FILE; fails if it can't do that safely
merge() {
    case $2 in
        *.json) edit_json "$1" "" "$2" ;;
        *.yaml) merge_yaml "$1" "$2" ;;
        *) return 1 ;;
    esac
}

# unmerge CURRENT FILE: prints CURRENT without the settings of FILE
unmerge() {
    case $2 in
        *.json) edit_json "$1" "$2" "" ;;
        *) unmark "$1" ;;
    esac
}

# unmark FILE: prints FILE without the lines that this script marked
unmark() { grep -v '# regstatic$' "$1" || [ $? -eq 1 ]; }

# edit_json BASE OLD NEW: prints BASE without the elements of OLD and with those of NEW, both of which have only
# lists of texts. The kit's elements come first, because engines try mirrors in their order.
edit_json() {
    [ -s "$1" ] && cp "$1" "$work/json" || echo '{}' >"$work/json"
    [ -n "$2" ] && cp "$2" "$work/old.json" || echo '{}' >"$work/old.json"
    [ -n "$3" ] && cp "$3" "$work/new.json" || echo '{}' >"$work/new.json"
    if command -v python3 >/dev/null && python3 -c 'import json' 2>/dev/null; then
        python3 - "$work/json" "$work/old.json" "$work/new.json" "$1" <<'END' 2>/dev/null
import json, sys

def unique(pairs):
    names = [name for name, _ in pairs]
    assert len(set(names)) == len(names), "a name is there twice"
    return dict(pairs)

base, old, new = (json.load(open(path, encoding="utf-8"), object_pairs_hook=unique) for path in sys.argv[1:4])
assert isinstance(base, dict)
result = dict(base)
for name, values in old.items():
    rest = [value for value in result.get(name, []) if value not in values]
    result[name] = rest
    if not rest: del result[name]
for name, values in new.items():
    there = result.get(name, [])
    assert isinstance(there, list)
    if not all(value in there for value in values):
        result[name] = values + [value for value in there if value not in values]
if result == base:
    sys.stdout.write(open(sys.argv[4], encoding="utf-8").read())
else:
    print(json.dumps(result, indent=2, ensure_ascii=False))
END
    elif command -v jq >/dev/null; then
        # jq keeps the last of two members with one name, as Docker does.
        jq -s '.[0] as $base | .[1] as $old | .[2] as $new | $base
            | reduce ($old | keys[]) as $k (.; .[$k] = ((.[$k] // []) - $old[$k]) | if .[$k] == [] then del(.[$k]) else . end)
            | reduce ($new | keys[]) as $k (.; if ($new[$k] - (.[$k] // [])) == [] then .
                else .[$k] = $new[$k] + ((.[$k] // []) - $new[$k]) end)' \
            "$work/json" "$work/old.json" "$work/new.json" >"$work/edited.json" 2>/dev/null || return 1
        if [ "$(jq -S . "$work/edited.json")" = "$(jq -S . "$work/json")" ]; then cat "$1"; else cat "$work/edited.json"; fi
    else
        return 1
    fi
}

# has_settings CURRENT FILE: whether a JSON file has the settings of FILE; needs no other program
has_settings() {
    case $2 in *.json) ;; *) return 1 ;; esac
    packed=$(tr -d ' \t\r\n' <"$1")
    # Each line of the kit's daemon.json is:   "NAME": ["VALUE"]
    sed -n 's/^  "\(.*\)": \["\(.*\)"\],*$/\1 \2/p' "$2" >"$work/settings"
    while read -r name value; do
        case $packed in *"\"$name\":["*) ;; *) return 1 ;; esac
        list=${packed#*"\"$name\":["}
        case ${list%%]*} in *"\"$value\""*) ;; *) return 1 ;; esac
    done <"$work/settings"
}

# merge_yaml BASE FILE: prints BASE, with the entries of FILE at the start of its sections mirrors and configs.
# It marks each line that it adds. It fails if BASE isn't in the usual block form, or has one of the entries
# with another content.
merge_yaml() {
    unmark "$1" >"$work/unmarked"
    awk '
        function key(line) { sub(/^ */, "", line); sub(/: *(#.*)?$/, "", line); gsub(/["\047]/, "", line); return line }
        function bare(line) { gsub(/["\047 ]/, "", line); sub(/#.*/, "", line); return line }
        function deep(line) { match(line, /^ */); return RLENGTH }
        function blanks(n,   text) { while (n-- > 0) text = text " "; return text }
        function add(section,   i) {
            for (i = 1; i <= entries; i++)
                if (of[i] == section) {
                    if ((section, name[i]) in there) {
                        if (there[section, name[i]] != bare_text[i]) exit failed = 1
                        continue
                    }
                    n = split(text[i], lines, "\n")
                    for (j = 1; j < n; j++)
                        printf "%s%s # regstatic\n", blanks(wide[section] + deep(lines[j]) - 2), substr(lines[j], deep(lines[j]) + 1)
                }
        }
        # The file of the kit: two spaces for each level.
        NR == FNR {
            if (/^[a-z]/) section = key($0)
            else if (/^  [^ ]/) { of[++entries] = section; name[entries] = key($0); text[entries] = $0 "\n" }
            else if (/^   /) { text[entries] = text[entries] $0 "\n"; bare_text[entries] = bare_text[entries] bare($0) "\n" }
            next
        }
        { line[++count] = $0; sub(/\r$/, "", line[count]) }
        END {
            for (i = 1; i <= count && !failed; i++) {
                it = line[i]
                if (it ~ /^ *(#.*)?$/ || (i == 1 && it ~ /^---/)) continue
                if (it ~ /^ *\t/ || it ~ /^[^a-zA-Z# ]/) failed = 1
                if (it ~ /^[a-zA-Z]/) {
                    section = it ~ /^(mirrors|configs): *(#.*)?$/ ? key(it) : ""
                    if (it ~ /^(mirrors|configs)/ && section == "" || section in wide) failed = 1
                    if (section != "") wide[section] = 0
                } else if (section != "") {
                    if (!wide[section]) wide[section] = deep(it)
                    if (deep(it) == wide[section]) {
                        if (it !~ /: *(#.*)?$/) failed = 1
                        entry = key(it); there[section, entry] = ""
                    } else there[section, entry] = there[section, entry] bare(it) "\n"
                }
            }
            if (failed) exit 1
            for (i = 1; i <= count; i++) {
                print line[i]
                section = key(line[i])
                if (line[i] ~ /^[a-z]/ && section in wide) { if (!wide[section]) wide[section] = 2; add(section) }
            }
            for (i = 1; i <= entries; i++)
                if (!(of[i] in wide)) { wide[of[i]] = 2; print of[i] ": # regstatic"; add(of[i]) }
            exit failed
        }' "$2" "$work/unmarked"
}
