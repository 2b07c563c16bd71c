import ArgumentParser
import Domain
import Operations
import SafeText
import Workbench

/// What researchers ask and publish.
struct InboxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inbox", abstract: "List what the researchers ask and publish, and answer their questions.",
    discussion: """
      What they publish comes with `mds sync`, and with every exchange while the workbench is open. An item is named by \
      the first digits of its identity.
      """,
    subcommands: [List.self, Show.self, Answer.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List what is in force, what waits for you first.")

    @Flag(help: "One JSON object a line.") var json = false
    @OptionGroup var target: TargetOptions

    func run() async throws {
      let workspace = try target.workspace()
      defer { workspace.close() }
      let items = try await InboxCommand.items(workspace)
      if json {
        Standard.json(items.map(\.json))
        return
      }
      var table = TextTable([
        .init("ID"), .init("KIND"), .init("ABOUT"), .init("PUBLISHED"), .init("STATE"), .init("WHAT"),
      ])
      for item in items {
        let line = InboxScreen.line(of: item)
        table.add([
          String(item.id.string.prefix(8)), line.kind, line.about, item.publishedAt.minuteText, line.standing,
          line.what,
        ])
      }
      let nothing = ["The researchers have published nothing for you yet."]
      Standard.lines(workspace.framed(items.isEmpty ? nothing : table.lines))
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show one item: a question, a guideline's text, a decision.")

    @Argument(help: "The first digits of its identity, or its name.") var item: String
    @Flag(help: "Print one JSON object.") var json = false
    @OptionGroup var target: TargetOptions

    func run() async throws {
      let workspace = try target.workspace()
      defer { workspace.close() }
      let found = try InboxCommand.pick(item, among: try await InboxCommand.items(workspace))
      if json {
        Standard.json([found.json])
      } else {
        Standard.lines(workspace.framed(InboxScreen.text(of: found)))
      }
    }
  }

  struct Answer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "answer", abstract: "Answer a question: an event in your ledger, sent with the next sync.")

    @Argument(help: "The first digits of the question's identity.") var item: String
    @Argument(help: "What you answer.") var text: String
    @OptionGroup var target: TargetOptions

    func run() async throws {
      let workspace = try target.workspace()
      defer { workspace.close() }
      let items = try await InboxCommand.items(workspace)
      let found = try InboxCommand.pick(item, among: items)
      let text = RawText(text)
      let sequence = try await Attempt.run { () async throws(Problem) in try await workspace.answer(found.id, text) }
      Standard.line("saved #\(sequence) answer")
    }
  }

  private static func items(_ workspace: Workspace) async throws -> [InboxScreen.Item] {
    try await Attempt.run { () async throws(Problem) in try await workspace.inbox() }
  }

  /// The one item that a word names.
  static func pick(_ word: String, among items: [InboxScreen.Item]) throws -> InboxScreen.Item {
    let named = items.filter { $0.name == RawText(word) }
    let found = named.isEmpty ? items.filter { word.utf8.count >= 4 && $0.id.string.hasPrefix(word) } : named
    guard let first = found.first, found.count == 1 else {
      let summary =
        found.isEmpty ? "Nothing in the inbox is called \(word)." : "\(found.count) items are called \(word)."
      throw Failure(Problem(summary, advice: "mds inbox lists them; four digits or more.", kind: .invalidInput))
    }
    return first
  }
}

extension InboxScreen.Item {
  /// The item as a program reads it.
  var json: JSON {
    var members = [
      JSON.Member("id", .string(id)), JSON.Member("kind", .string(kind)), JSON.Member("name", JSON.string(name)),
      JSON.Member("published_at", .text(publishedAt.description)), JSON.Member("waits", .bool(waits)),
      JSON.Member("answered_at", answeredAt.map { .text($0.description) } ?? .null),
    ]
    if let body = InboxScreen.json(of: content) { members.append(JSON.Member("body", body)) }
    if !answer.isEmpty { members.append(JSON.Member("answer", .string(answer))) }
    if case .queue(_, let taken?) = content {
      members.append(
        JSON.Member(
          "taken",
          .object([
            "cases": .integer(Int64(taken.cases)), "judged": .integer(Int64(taken.judged)),
            "whole": .bool(taken.isWhole),
          ])))
    }
    return .object(members)
  }
}
