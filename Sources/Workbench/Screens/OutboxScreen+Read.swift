internal import Domain
internal import Frames
internal import SafeText

extension OutboxScreen {
  /// The same as the screen shows, in words; `stop` is what only a person can mend of the last exchange.
  static func read(_ state: State, _ link: Link, stop: Problem?) -> Outline {
    let content = state.content.value
    let rows = (content?.rows ?? []).map { row in
      [
        "\(row.sequence)", row.kind.safe.text, row.caseName, row.model.safe.text, row.what.safe.text,
        row.state.rawValue, row.reason.safe.text,
      ]
    }
    let counts = EventState.allCases.compactMap { step in content?.counts[step].map { "\(step.rawValue) \($0)" } }
    let former = (content?.former ?? []).map { stream in
      let ended = stream.reason.map { "a stream ended \(stream.at), \($0.safe.text)" }
      let what = ended ?? "another stream, last at \(stream.at)"
      return "\(what): \(stream.waiting) wait, \(stream.wedged) refused"
        + (stream.isListed ? "; the next save begins a new one" : "")
    }
    let lines = content.map { sync($0, link, stop) } ?? []
    let open = content.map { [Outline.Section("Needs you", lines: needs($0))] } ?? []
    return Outline(
      "Outbox",
      [
        Outline.Section("", lines: state.content.standing + lines + counts + former)
      ] + open + [
        Outline.Section(
          "Not archived", columns: ["SEQ", "KIND", "CASE", "MODEL", "WHAT", "STATE", "REASON"], rows: rows,
          selected: state.rows.selected)
      ])
  }

  /// Where what is saved goes, and how far it is.
  private static func sync(_ content: Content, _ link: Link, _ stop: Problem?) -> [String] {
    let isThere: String? =
      switch link {
      case .up: "answers"
      case .down(let since): "no answer since \(since.clockText)"
      case .unknown: nil
      }
    let collector = content.collector.map { address in
      [address.safe.text, (content.problem ?? stop)?.summary ?? isThere].compactMap(\.self).joined(separator: ", ")
    }
    let chain = content.verifiedAt.map { "chain whole \($0.secondText)" }
    let ledger = [content.ledgerPath.safe.text, Numeral.bytes(content.ledgerBytes).text, chain].compactMap(\.self)
    return [
      "collector: \(collector ?? "none: what you save stays in this ledger")",
      "ledger: \(ledger.joined(separator: ", "))", "waiting: \(waiting(content))",
      "last sync: \(content.lastSync.map(words) ?? "none")",
    ]
  }

  private static func words(of sync: LastSync) -> String {
    [
      sync.at.secondText, "\(sync.sent) sent", "\(sync.received) received", "\(sync.fetched) fetched",
      Numeral.milliseconds(Double(sync.milliseconds)).text, Numeral.bytes(sync.bytes).text,
    ].joined(separator: ", ")
  }

  private static func waiting(_ content: Content) -> String {
    let kinds = content.waiting.filter { $0.value > 0 }
      .sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
      .map { "\($0.value) \($0.key.safe.text)" }
    let records = content.waitingRecords
    let large = records == 0 ? [] : ["\(records) large \(records == 1 ? "record" : "records")"]
    return kinds.isEmpty && large.isEmpty ? "nothing" : (large + kinds).joined(separator: ", ")
  }

  /// What stops a sync, where the analyst's devices differ, and what was refused.
  private static func needs(_ content: Content) -> [String] {
    let stop = content.stop.map { [$0.summary, $0.advice].filter { !$0.isEmpty } } ?? []
    let conflicts = content.conflicts.map { conflict in
      let answer = conflict.answer.isEmpty ? "made" : conflict.answer
      let versions = conflict.versions.map(\.what.safe.text).joined(separator: " or ")
      return "\(conflict.caseName): \(answer) on \(conflict.versions.count) devices: \(versions)"
    }
    let wedged = content.rows.filter { $0.state == .wedged }
      .map { "\($0.sequence) wedged: \($0.reason.safe.text)" }
    let all = stop + conflicts + wedged
    return all.isEmpty ? ["nothing: no event was refused"] : all
  }
}
