// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct CompletionCommand: ParsableCommand {
    /// The shells that there is a script for.
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash
        case zsh
        case fish

        var completion: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Prints the script with which a shell completes the command line.",
        discussion: """
            bash:  mcp-keepalive completion bash \\
                     > ~/.local/share/bash-completion/completions/mcp-keepalive
            zsh:   mcp-keepalive completion zsh > ~/.zfunc/_mcp-keepalive
                   and in ~/.zshrc, before compinit: fpath+=~/.zfunc
            fish:  mcp-keepalive completion fish \\
                     > ~/.config/fish/completions/mcp-keepalive.fish

            Then start a new shell.
            """
    )

    @Argument(help: ArgumentHelp("bash, zsh or fish.", valueName: "shell"))
    var shell: Shell

    func run() {
        Terminal.say(MCPKeepalive.completionScript(for: shell.completion))
    }
}
