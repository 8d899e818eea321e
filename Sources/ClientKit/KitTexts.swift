// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel

// The files that don't belong to a single client.
extension ClientKit {
    var readme: String {
        let head = [
            "How clients pull from \(address.host)",
            "",
            "Copy this folder to a machine that pulls images, and run there as root:",
            "",
            "  sh install.sh              for all engines that it finds",
            "  sh install.sh docker k3s   for chosen clients: \(Client.allCases.map(\.rawValue).joined(separator: ", "))",
            "",
            "The script never changes a file that regstatic didn't write. It prints what to add to such a file.",
            "To set up a client by hand:",
        ]
        let clients = setups.filter { !$0.files.isEmpty }
            .flatMap { [""] + $0.lines(withContents: false) }
        let last = consequences.isEmpty ? [] : [""] + consequences
        return (head + clients + last).joined(separator: "\n") + "\n"
    }

    var installer: String {
        Self.installerHead + setups.map(installing).joined() + Self.installerTail
    }

    /// Renders the `case` branch of one client in the installer script.
    private func installing(_ setup: ClientSetup) -> String {
        let files = setup.files.flatMap { file in
            file.targets.map { "        put '\(file.path)' '\($0)'\n" }
        }
        let commands = setup.commands.map { "        next '\($0)'\n" }
        let none = files.isEmpty ? ["        echo '\(setup.client.rawValue) needs no file'\n"] : []
        return "    \(setup.client.rawValue))\n"
            + (files + commands + none).joined() + "        ;;\n"
    }

    private static let installerHead = #"""
        #!/bin/sh
        # SPDX-License-Identifier: Apache-2.0
        # Copyright the regstatic authors
        #
        # Copies the files of this folder to where the engines of this machine read them. Run as
        # root:
        #
        #     sh install.sh              for all engines that it finds
        #     sh install.sh docker k3s   for these clients
        #
        # It never changes a file that regstatic didn't write. It prints what to add to such a file,
        # and then exits with status 1.
        set -eu
        umask 022
        cd -- "$(dirname -- "$0")"
        root=${DESTDIR:-}
        status=0
        commands=

        # put FILE TARGET
        put() {
            if cmp -s "$1" "$root$2"; then
                echo "unchanged: $2"
            elif [ -L "$root$2" ] || [ -L "$root$2.regstatic" ]; then
                # A link could lead root's copy to any file.
                echo "NOT CHANGED: $2 is a symbolic link; remove it, then run this again" >&2
                status=1
            elif [ -e "$root$2" ] && ! head -n 1 "$root$2" | grep -q '^# regstatic: '; then
                echo "NOT CHANGED: $2 exists; add the contents of $PWD/$1 to it" >&2
                status=1
            else
                mkdir -p "$(dirname "$root$2")"
                cp "$1" "$root$2.regstatic"
                mv "$root$2.regstatic" "$root$2"
                echo "written: $2"
            fi
        }

        # next COMMAND
        next() {
            commands="$commands  $1
        "
        }

        found() {
            for program; do
                command -v "$program" >/dev/null && return
            done
            return 1
        }

        configure() {
            case $1 in

        """#

    private static let installerTail = #"""
            *)
                echo "install.sh: unknown client: $1" >&2
                status=1
                ;;
            esac
        }

        if [ $# -eq 0 ]; then
            ! found dockerd || set -- "$@" docker
            ! found containerd || set -- "$@" containerd
            ! found podman buildah skopeo crio || set -- "$@" podman
            ! found k3s || set -- "$@" k3s
            ! found rke2 || set -- "$@" rke2
            if [ $# -eq 0 ]; then
                echo "install.sh: no engine found; name a client, such as docker" >&2
                exit 1
            fi
        fi
        for client; do
            configure "$client"
        done
        [ -z "$commands" ] || printf 'then:\n%s' "$commands"
        exit $status

        """#
}
