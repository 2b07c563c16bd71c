import ArgumentParser

/// Writes the manual from the tables that the program itself uses.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Print the manual page.", shouldDisplay: false)

  /// What the manual is written in.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case man, md
  }

  @Option(help: "man or md.") var format = Form.man

  func run() {
    switch format {
    case .man: Standard.verbatim(Manual().roff)
    case .md: Standard.verbatim(Manual().markdown)
    }
  }
}
