import ArgumentParser
import Domain
import Feedback
import Operations
import SafeText
import Workbench

/// The cases of the ledger.
struct CasesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cases", abstract: "List the cases of the ledger, decide, or bring in predictions made elsewhere.",
    subcommands: [List.self, Search.self, Import.self, CasesDecide.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List cases, the newest first.",
      discussion: """
        Words that a case holds or that were said of it, "a phrase", and filters: model:wine (the whole name, else how \
        it begins), version:2, label:high, by:brent, by:me, verdict:disagree, since:2026-11-20, since:36h, before:3d, \
        is:open, is:judged, is:outlier. `mds cases search` says where each word was found.

        Example:
          mds cases list model:cargo since:1d is:open
        """)

    @OptionGroup var asked: CasesAsked

    func run() async throws {
      let workspace = try asked.target.workspace()
      defer { workspace.close() }
      let found = try await Attempt.run { () async throws(Problem) in
        try await workspace.cases(matching: asked.query, limit: asked.limit)
      }
      if asked.json {
        Standard.json(found.cases.map(\.json))
        return
      }
      var table = TextTable([
        .init("CASE", .right), .init("ID"), .init("TIME"), .init("MODEL"), .init("VER"), .init("ANSWER"),
        .init("P", .right), .init("SIGNALS"), .init("VERDICT"), .init("SOURCE"),
      ])
      for current in found.cases {
        let signals = [current.isOutlier ? "outlier" : "", current.isFlagged ? "flag" : ""].filter { !$0.isEmpty }
        table.add([
          "\(current.number)", current.id.short, current.at.minuteText, current.model.name.string,
          current.model.version?.string ?? "", current.label.string, Figures.share(current.probability),
          signals.joined(separator: ", "), current.verdict?.rawValue ?? "", current.sourceID.string,
        ])
      }
      Standard.lines(workspace.framed(table.lines))
      if found.count > found.cases.count {
        Standard.errorLine("\(found.cases.count) of \(found.count); --limit shows more")
      }
    }
  }

  struct Search: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "search", abstract: "Search cases and what was said of them, and say where each was found.",
      discussion: """
        The same as the workbench's search: texts of records, answers, names and ids, notes, judgements and marks, \
        one's own and colleagues' as far as a collector sent them. All words must stand in one record or in one note. \
        The filters are those of `mds cases list`. What was said anew or taken back since is found as `was note`.

        Example:
          mds cases search '"paid once"' by:brent verdict:disagree
        """)

    @OptionGroup var asked: CasesAsked

    func run() async throws {
      let workspace = try asked.target.workspace()
      defer { workspace.close() }
      let query = SearchQuery(asked.query, now: Machine.now)
      let found = try await Attempt.run { () async throws(Problem) in
        try await workspace.search(query, limit: asked.limit)
      }
      if asked.json {
        Standard.json(found.hits.map(\.json))
        return
      }
      var table = TextTable([
        .init("CASE", .right), .init("ID"), .init("TIME"), .init("MODEL"), .init("VER"), .init("ANSWER"),
        .init("VERDICT"), .init("WHERE"), .init("FOUND"),
      ])
      for hit in found.hits {
        let line = SearchScreen.line(of: hit)
        table.add([
          "\(hit.number)", hit.id.short, hit.at.minuteText, hit.model.name.string, hit.model.version?.string ?? "",
          line.answer, hit.verdict?.rawValue ?? "", line.place, line.found,
        ])
      }
      Standard.lines(workspace.framed(table.lines))
      if found.isCut { Standard.errorLine("the newest \(found.hits.count) of more; --limit shows more") }
    }
  }

  struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import",
      abstract: "Bring in predictions that were made elsewhere, without asking their models again.",
      discussion: """
        The file has one JSON object a line: model, version, at, source_id, inputs, and label, probabilities, value \
        or outputs, as `mds infer` writes them; docs/predictions.md has all. A case that is there already keeps its \
        number and its judgements. Lines that cannot be used are told with the reason; the exit status is then 5.
        """)

    @Argument(help: "The file; - reads standard input.", completion: .file()) var file: String
    @Option(help: "The model of lines that name none.") var model: String?
    @Option(help: "The time of lines that have none, as 2026-11-23T12:04:05Z.") var at: String?
    @Option(help: "Where to write the lines set aside.", completion: .file()) var rejects: String?
    @Flag(help: "Print one JSON object.") var json = false
    @OptionGroup var target: TargetOptions

    func validate() throws {
      if let at, Timestamp(at) == nil { throw ValidationError("--at is no time as 2026-11-23T12:04:05Z: \(at)") }
    }

    func run() async throws {
      let workspace = try target.workspace()
      defer { workspace.close() }
      var told = 0
      let tally = try await Attempt.run { () async throws(Problem) in
        if let rejects { try Files.requireApart(rejects, as: "--rejects", from: [file]) }
        // Begun once the input was read or has a line for it: a wrong name of the input must not empty it.
        var refused: LineFile?
        let tally = try await workspace.importCases(
          from: file, model: model.map { RawText($0) }, at: at.flatMap { Timestamp($0) },
          reject: { (rows) throws(Problem) in
            for case .rejected(let row, let reason, let text) in rows {
              told += 1
              if told <= 10 { Standard.errorLine("line \(row): \(reason)") }
              if refused == nil, let rejects { refused = try LineFile(rejects) }
              let line = JSON.object([
                "row": .integer(Int64(row)), "reason": .text(reason), "text": .string(text),
              ])
              try refused?.write(line.serialized + [0x0A])
            }
          },
          progress: { Standard.progress("\($0.new + $0.known) cases…") })
        if refused == nil, let rejects { _ = try LineFile(rejects) }
        return tally
      }
      Standard.endProgress()
      if json {
        Standard.json([
          .object([
            "new": .integer(Int64(tally.new)), "known": .integer(Int64(tally.known)),
            "rejected": .integer(Int64(tally.rejected)),
          ])
        ])
      } else {
        Standard.line("\(tally.new) new cases, \(tally.known) known, \(tally.rejected) set aside")
      }
      if tally.new + tally.known + tally.rejected == 0 {
        throw Failure(Problem("\(file) holds no predictions.", kind: .invalidInput))
      }
      if tally.rejected > 0 { throw ExitStatus.invalidInput.code }
    }
  }
}

extension SearchHit {
  fileprivate var json: JSON {
    var members: [JSON.Member] = [
      JSON.Member("number", .integer(Int64(number))), JSON.Member("case", .text(id.hex)),
      JSON.Member("at", .text(at.description)), JSON.Member("source_id", JSON.raw(sourceID)),
      JSON.Member("model", JSON.raw(model.name)), JSON.Member("version", model.version.map(JSON.raw) ?? .null),
      JSON.Member("label", JSON.raw(label)), JSON.Member("probability", probability.map(JSON.exact) ?? .null),
      JSON.Member("is_outlier", .bool(isOutlier)),
      JSON.Member("verdict", verdict.map { .text($0.rawValue) } ?? .null),
    ]
    if let match {
      members += [
        JSON.Member("where", .text(match.place.rawValue)), JSON.Member("of", JSON.raw(match.of)),
        JSON.Member("found", JSON.raw(match.text)), JSON.Member("is_past", .bool(match.isPast)),
      ]
    }
    return .object(members)
  }
}

/// Which cases are asked for, and how they are printed.
struct CasesAsked: ParsableArguments {
  @Argument(help: "Words and filters.") var words: [String] = []
  @Option(help: "At most so many.") var limit = 100
  @Flag(help: "One JSON object a line.") var json = false
  @OptionGroup var target: TargetOptions

  var query: String { words.joined(separator: " ") }

  func validate() throws {
    guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 1 000 000") }
  }
}
