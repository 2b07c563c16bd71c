import ArgumentParser

/// Completions for a shell.
struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Print the completions of a shell.",
    discussion: """
      Examples:
        mds completions bash > ~/.local/share/bash-completion/completions/mds
        mds completions zsh > ~/.zfunc/_mds
        mds completions fish > ~/.config/fish/completions/mds.fish
      """)

  /// The shells there are completions for.
  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish
  }

  @Argument(help: "bash, zsh or fish.") var shell: Shell

  func run() {
    let shell: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    Standard.verbatim(MDS.completionScript(for: shell) + "\n")
  }
}
