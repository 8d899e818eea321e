// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import TestSupport

/// A machine for the commands of a page: its own network, `/etc`, `/srv` and `/media`.
enum Sandbox {
    /// Runs the lines in their order in the workspace, each has to succeed.
    ///
    /// A line that starts a server runs until another one wants its port.
    static func run(_ lines: [String], _ workspace: Workspace) throws -> Outcome {
        try workspace.folder.makeFolder("bin")
        try workspace.run("cp", Workspace.regstatic, workspace["bin/regstatic"]).succeeded()
        let page = lines.map(call).joined(separator: "\n")
        let script = try workspace.folder.write("page.sh", "\(head)\n\(page)\nfinish\n")
        return
            try workspace.start(
                ["unshare", "--mount", "--net", "--propagation", "private", "bash", script]
            )
            .wait(240)
    }

    private static func call(_ line: String) -> String {
        let word = "'" + line.replacing("'", with: #"'\''"#) + "'"
        return isServer(line) ? "server \(word)" : "command \(word)"
    }

    private static func isServer(_ line: String) -> Bool {
        [
            "regstatic serve ", "nginx -p", "apache2 ", "REGSTATIC_SITE=",
            "python3 /srv/site/servers/python/serve.py",
        ]
        .contains(where: line.hasPrefix)
    }

    private static let head = #"""
        set -u
        cd "$(dirname "$0")"
        export PATH=$PWD/bin:$PATH
        ip link set lo up || exit
        cp -a /etc etc && mount --bind etc /etc || exit
        echo '127.0.0.1 registry.ship' >>/etc/hosts
        rm -rf /etc/docker /etc/containerd/certs.d /etc/containers/certs.d
        for folder in /srv /media /usr/local/share; do mount -t tmpfs -o mode=755 tmpfs $folder; done
        mkdir /media/stick
        declare -A running
        fail() { echo "FAILED: $1" >&2; cat server.log >&2; finish 1; }
        finish() { for port in "${!running[@]}"; do end "$port"; done; exit "${1:-0}"; }
        end() { kill -- "-${running[$1]}"; wait "${running[$1]}"; unset "running[$1]"; } 2>/dev/null
        # What the text says in words: the folder is carried there; a site is being served.
        carried() { case $1 in *"/srv/site"*) [ -e /srv/site ] || [ ! -e site ] || cp -r site /srv/site ;; esac; }
        served() {
          case $1 in "regstatic doctor "*) [ ${#running[@]} -gt 0 ] || server "regstatic serve site-a" ;; esac
        }
        command() {
          carried "$1"
          served "$1"
          echo "\$ $1" >&2
          bash -c "$1" || fail "$1"
        }
        server() {
          carried "$1"
          local port=5000 scheme=http
          case $1 in *https* | *:443*) port=443 scheme=https ;; esac
          [ -z "${running[$port]:-}" ] || end $port
          echo "\$ $1 &" >&2
          setsid bash -c "$1" >server.log 2>&1 &
          running[$port]=$!
          for _ in $(seq 100); do
            curl -fksS -o /dev/null "$scheme://localhost:$port/v2/" 2>/dev/null && return
            sleep 0.1
          done
          fail "$1"
        }
        """#
}
