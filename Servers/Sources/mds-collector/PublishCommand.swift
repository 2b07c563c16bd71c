internal import ArgumentParser
internal import Collector
internal import Foundation

/// What researchers have for their analysts: it comes with their next sync.
struct PublishCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish", abstract: "Publish a catalogue for analysts; it comes with their next sync.",
    discussion: """
      A catalogue (docs/catalogue.md) completes what a service says of its models. One that is published takes the place \
      of the earlier one of its name, and stands below an analyst's own catalogues. `mds signature MODEL` shows what came \
      from it.
      """,
    subcommands: [Catalogue.self, List.self, Withdraw.self])

  struct Catalogue: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Publish a catalogue file.")

    @Argument(help: "The TOML file.")
    var file: String

    @Option(help: "Its name; the file's without the ending where none is given.")
    var name: String?

    @OptionGroup var recipients: Recipients
    @OptionGroup var database: DatabaseOption

    func run() throws {
      let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
      guard !bytes.isEmpty, String(validating: bytes, as: UTF8.self) != nil else {
        throw ValidationError("\(file) is empty or no UTF-8 text; a catalogue is TOML")
      }
      let name = name ?? URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
      let opened = try database.open()
      try PublicationBook(opened).publish(.catalogue, name: name, body: bytes, recipients: recipients.to)
      try opened.close()
      StandardOutput.write("published \(StandardOutput.plain(name)) for \(recipients.words)")
    }
  }

  struct Withdraw: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Withdraw what has a name: analysts go on without it from their next sync.")

    @Argument(help: "The name that `publish list` shows.")
    var name: String

    @OptionGroup var recipients: Recipients
    @OptionGroup var database: DatabaseOption

    func run() throws {
      let opened = try database.open()
      let book = PublicationBook(opened)
      guard try book.list().contains(where: { $0.name == name }) else {
        throw ValidationError("nothing named \(name) was published")
      }
      try book.publish(.catalogue, name: name, body: [], recipients: recipients.to)
      try opened.close()
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List what was published, oldest first.")

    @OptionGroup var database: DatabaseOption

    func run() throws {
      let opened = try database.open()
      for item in try PublicationBook(opened).list() {
        let size = item.bytes == 0 ? "withdrawn" : "\(item.bytes) B"
        StandardOutput.write(
          [String(item.number), item.kind, item.name, item.recipient ?? "all", size, item.publishedAt]
            .map(StandardOutput.plain).joined(separator: "\t"))
      }
      try opened.close()
    }
  }

  /// For whom something is published.
  struct Recipients: ParsableArguments {
    @Option(help: ArgumentHelp("An analyst that it is for; may be repeated. All without it.", valueName: "analyst"))
    var to: [String] = []

    var words: String { to.isEmpty ? "all" : to.map(StandardOutput.plain).joined(separator: ", ") }
  }
}
