internal import ArgumentParser
internal import Collector
internal import ConfigurationFile
internal import Domain
internal import Feedback
internal import Foundation

/// What researchers have for their analysts: it comes with their next sync.
struct PublishCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract:
      "Publish a queue, a guideline, a question, a decision or a catalogue; it comes with the analysts' next sync.",
    discussion: """
      What is published takes the place of the earlier one of its kind and name; questions stand beside each other. \
      docs/publishing.md has an example of each.
      """,
    subcommands: [
      Catalogue.self, Guideline.self, PublishQueue.self, Question.self, Adjudication.self, List.self, Withdraw.self,
    ])

  struct Catalogue: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Publish a catalogue file.",
      discussion: """
        A catalogue (docs/catalogue.md) completes what a service says of its models. It stands below an analyst's own \
        catalogues; `mds signature MODEL` shows what came from it.
        """)

    @Argument(help: "The TOML file.")
    var file: String

    @Option(help: "Its name; the file's without the ending where none is given.")
    var name: String?

    @OptionGroup var recipients: Recipients
    @OptionGroup var database: DatabaseOption

    func run() throws {
      let bytes = try PublishedFile.text(file, what: "a catalogue is TOML")
      do throws(Mistakes) {
        _ = try Domain.Catalogue(parsing: bytes)
      } catch {
        throw Unusable(error.all.map { $0.text(in: file) }.joined(separator: "\n"))
      }
      try PublishCommand.publish(
        .catalogue, name: name ?? PublishedFile.name(of: file), bytes, for: recipients, in: database)
    }
  }

  struct Guideline: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Publish how the cases of a model are to be judged.",
      discussion: """
        The version is kept with every judgement that it was in force for. Reasons that it gives take the place of the \
        program's own.

        Example:
          mds-collector publish guideline g7.md --version g7 --model income-classifier \\
            --question "Is the income over 50K?" --reason "age wrong" --reason "job unclear" --database lab.sqlite
        """)

    @Argument(help: "The text, a UTF-8 file.")
    var file: String

    @Option(name: .customLong("version"), help: "A short word, such as g7.")
    var revision: String

    @Option(help: "The model that it is for; every model that has none of its own without it.")
    var model: String?

    @Option(help: "What is asked, in a line.")
    var question: String = ""

    @Option(help: "A reason to choose from; may be repeated, nine at most.")
    var reason: [String] = []

    @OptionGroup var recipients: Recipients
    @OptionGroup var database: DatabaseOption

    func validate() throws {
      guard !revision.isEmpty, reason.count <= Feedback.Guideline.mostReasons else {
        throw ValidationError("--version is a word, and there are at most \(Feedback.Guideline.mostReasons) reasons")
      }
      guard revision.utf8.count <= 32, !revision.contains(where: \.isNewline) else {
        throw ValidationError("--version is a short word, such as g7: it stands with every judgement")
      }
      guard !reason.contains(where: { RawText($0).trimmed.isEmpty }) else {
        throw ValidationError("a --reason says nothing")
      }
      guard Set(reason).count == reason.count else { throw ValidationError("one --reason is given twice") }
    }

    func run() throws {
      let text = try PublishedFile.text(file, what: "a guideline is a text")
      let guideline = Feedback.Guideline(
        version: RawText(revision), model: model.map { RawText($0) }, question: RawText(question),
        text: RawText(bytes: text), reasons: reason.map { RawText($0) })
      try PublishCommand.publish(
        .guideline, name: guideline.name.string, try guideline.canonicalBytes(), for: recipients, in: database)
    }
  }

  struct Question: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ask analysts something; the answer is an event in their stream.",
      discussion: "`mds-collector answers` lists what came back.")

    @Argument(help: "What is asked.")
    var text: String

    @Option(name: .customLong("case"), help: "The case that it is about, by its 32 digits or the first eight or more.")
    var about: String?

    @OptionGroup var recipients: Recipients
    @OptionGroup var database: DatabaseOption

    func run() throws {
      let opened = try database.open()
      defer { try? opened.close() }
      let id = try about.map { try LogDigits(opened).caseID($0) }
      let question = Feedback.Question(text: RawText(text), caseID: id)
      // Each question has a name of its own: none takes another's place.
      let name = Hexadecimal.text(of: (0..<8).map { _ in UInt8.random(in: 0...255) })
      let ids = try recipients.publish(.question, name: name, try question.canonicalBytes(), in: opened)
      try StandardOutput.write("asked \(recipients.words): \(name)")
      for line in recipients.lines(of: ids) { try StandardOutput.write(line) }
    }
  }

  struct Withdraw: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Withdraw what has a name: analysts go on without it from their next sync.",
      discussion: """
        The records of a queue go from here with it, as far as no other queue that stands has them; whoever has taken it \
        up keeps them, and so do backups.
        """)

    @Argument(help: "The name that `publish list` shows.")
    var name: String

    @Option(help: "Its kind, where several have the name.")
    var kind: String?

    @OptionGroup var recipients: Recipients
    @OptionGroup var database: DatabaseOption

    func run() throws {
      let opened = try database.open()
      defer { try? opened.close() }
      let book = PublicationBook(opened)
      let named = try book.list().filter { $0.name == name && (kind == nil || $0.kind == kind) }
      let kinds = Set(named.map(\.kind))
      guard let word = kinds.first, let found = InboxKind(rawValue: word) else {
        throw Unusable("nothing named \(name) was published")
      }
      guard kinds.count == 1 else {
        throw Unusable("\(name) is the name of several: --kind \(kinds.sorted().joined(separator: " or "))")
      }
      guard recipients.isAnyLeft(of: named) else {
        if found == .queue, try book.dropRecords(ofWithdrawn: name) {
          return try StandardOutput.write("removed the records of \(StandardOutput.plain(name)), withdrawn before")
        }
        throw Unusable("\(name) was withdrawn before, or is not there, for \(recipients.words)")
      }
      try recipients.publish(found, name: name, [], in: opened)
      if opened.isScrubOwed {
        StandardError.write(
          "the database's files may still have its records: somebody reads; the server's next start takes them")
      }
      try StandardOutput.write("withdrew \(StandardOutput.plain(name)) for \(recipients.words)")
      let forAll = named.filter { $0.recipient == nil }.max { $0.number < $1.number }
      if !recipients.to.isEmpty, let forAll, forAll.bytes > 0 {
        StandardError.write(
          "what all have of that name is not theirs either from now on: publish it for them again where they are to have it"
        )
      }
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List what was published, oldest first, and how many devices have it.",
      discussion: """
        A line has its number, kind, name, for whom it is, its size, or by which number it was withdrawn, when it was \
        published, how many devices have it, and its identity: what exports call it in the column `queue`, and answers in \
        `item`.
        """)

    @OptionGroup var database: DatabaseOption

    func run() throws {
      let opened = try database.open()
      for item in try PublicationBook(opened).list() {
        let size =
          item.bytes == 0 ? "withdrawn" : item.withdrawnBy.map { "withdrawn by \($0)" } ?? "\(item.bytes) B"
        let reached = "\(item.reached) of \(item.devices) device\(item.devices == 1 ? "" : "s")"
        try StandardOutput.write(
          [
            String(item.number), item.kind, item.name, item.recipient ?? "all", size, item.publishedAt, reached,
            item.id,
          ]
          .map(StandardOutput.plain).joined(separator: "\t"))
      }
      try opened.close()
    }
  }

  static func publish(
    _ kind: InboxKind, name: String, _ body: [UInt8], for recipients: Recipients, in database: DatabaseOption
  ) throws {
    let opened = try database.open()
    defer { try? opened.close() }
    try recipients.publish(kind, name: name, body, in: opened)
    try StandardOutput.write("published \(StandardOutput.plain(name)) for \(recipients.words)")
  }
}

/// A file that is to be published.
enum PublishedFile {
  /// Its bytes, UTF-8 and some, unless it may be empty.
  static func text(_ path: String, what: String, mayBeEmpty: Bool = false) throws -> [UInt8] {
    // Also of a pipe or a device, which have no contents beforehand.
    guard let file = FileHandle(forReadingAtPath: path), let data = try? file.readToEnd() ?? Data() else {
      throw Unusable("\(path) cannot be read; is the path right?")
    }
    let bytes = Array(data)
    guard mayBeEmpty || !bytes.isEmpty, String(validating: bytes, as: UTF8.self) != nil else {
      throw Unusable("\(path) is empty or no UTF-8 text; \(what)")
    }
    return bytes
  }

  static func name(of path: String) -> String { URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent }
}
