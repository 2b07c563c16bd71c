internal import Domain
internal import Frames
internal import SafeText

extension ModelsScreen {
  /// What is known of the selected model: its signature, who explains it, its drift, what the analyst said.
  static func drawPane(
    _ state: State, _ group: ModelGroup, _ hints: Hints, _ layout: ModelsLayout, now: Timestamp,
    on frame: inout Frame
  ) {
    let model = group.model
    // The tall pane has lines of its own for replicas and server.
    let place = layout.isWide ? .empty : place(of: model)
    let platform = [place, model.platform.safe, "V2"].filter { !$0.isEmpty }.joined(separator: " · ")
    let lastKnown = state.lastKnown(asOf: now)
    let right: SafeText = lastKnown ?? (layout.isWide ? .empty : platform)
    let columns = layout.isWide ? layout.listWidth + 1..<frame.columns : 0..<frame.columns
    Chrome.rule(model.title, right: right, row: layout.paneRow, columns: columns, on: &frame)
    let facts = state.facts(of: group)
    if layout.isWide {
      // What would be cut is wrapped into the rows that are left once all else has its place.
      var measured = frame
      let isStale = lastKnown != nil
      let end = drawTall(group, facts, platform, hints, isStale: isStale, now: now, layout, on: &measured)
      let fields = min(5, group.model.signature?.fields.count ?? 0)
      drawTall(
        group, facts, platform, hints, isStale: isStale, now: now, layout, spare: frame.rows - 3 - end - fields,
        on: &frame)
      ColumnRule(column: layout.listWidth, rows: 1..<frame.rows - 2).draw(on: &frame)
    } else if lastKnown != nil {
      drawOffline(facts, hints, row: layout.paneRow + 1, column: 1, on: &frame)
    } else {
      drawShort(group, facts, now: now, row: layout.paneRow + 1, on: &frame)
    }
  }

  /// The place of the pane while no model is selected: it does not move when one is.
  static func drawNoPane(_ layout: ModelsLayout, on frame: inout Frame) {
    let columns = layout.isWide ? layout.listWidth + 1..<frame.columns : 0..<frame.columns
    Chrome.rule(.empty, row: layout.paneRow, columns: columns, on: &frame)
    if layout.isWide { ColumnRule(column: layout.listWidth, rows: 1..<frame.rows - 2).draw(on: &frame) }
  }

  private static func drawShort(
    _ group: ModelGroup, _ facts: Facts, now: Timestamp, row: Int, on frame: inout Frame
  ) {
    let half = 34
    let room = frame.columns - half - 10
    let details = shortDetails(of: group, facts)
    if details.isEmpty {
      frame.write("in".safe, row: row, column: 1, style: .dim)
      frame.write(inputs(of: group.model), row: row, column: 5, limit: half - 6)
      frame.write("explain".safe, row: row, column: half, style: .dim)
      frame.write(names(group.explainers, of: group, columns: room), row: row, column: half + 9, limit: room)
      frame.write("out".safe, row: row + 1, column: 1, style: .dim)
      frame.write(outputs(of: group.model), row: row + 1, column: 5, limit: half - 6)
      frame.write("detect".safe, row: row + 1, column: half, style: .dim)
      frame.write(detectors(group, facts, columns: room), row: row + 1, column: half + 9, limit: room)
    }
    for (line, detail) in details.prefix(2).enumerated() {
      frame.write(detail.title, row: row + line, column: 1, style: .dim)
      frame.write(detail.text, row: row + line, column: 10, limit: frame.columns - 11)
    }
    if details.count == 1, case .model = group.model.kind {
      frame.write("explain".safe, row: row + 1, column: 1, style: .dim)
      frame.write(
        names(group.explainers, of: group, columns: half - 11), row: row + 1, column: 10, limit: half - 11)
      frame.write("detect".safe, row: row + 1, column: half, style: .dim)
      frame.write(detectors(group, facts, columns: room), row: row + 1, column: half + 9, limit: room)
    }
    frame.write("you".safe, row: row + 2, column: 1, style: .dim)
    frame.write(verdicts(facts), row: row + 2, column: 5, limit: half - 6)
    let users = users(of: group.model)
    let showsUsers = (!facts.isCounted || facts.waiting == 0) && !users.isEmpty
    frame.write(showsUsers ? "used by" : "queue", row: row + 2, column: half, style: .dim)
    frame.write(
      showsUsers ? users : queue(facts, now: now), row: row + 2, column: half + 9, limit: room)
  }

  /// What goes without the service, in three lines.
  private static func drawOffline(
    _ facts: Facts, _ hints: Hints, row: Int, column: Int, on frame: inout Frame
  ) {
    let isNarrow = frame.columns - column < 50
    let lines: [(command: Command, word: SafeText, what: SafeText)] = [
      (
        .review, "review",
        cases(facts) + (isNarrow ? " cases are here" : " cases are here: input, answer, why where asked")
      ),
      (.drift, "drift", isNarrow ? "as it was computed" : "the windows that were computed are here"),
      (.infer, "infer", isNarrow ? "needs the service" : "needs the service; nothing is sent later by itself"),
    ]
    for (line, text) in lines.enumerated() {
      let name = hints.key(text.command).map { $0 + " " + text.word } ?? text.word
      frame.write(name, row: row + line, column: column, limit: 9, style: .bold)
      frame.write(text.what, row: row + line, column: column + 10, limit: frame.columns - column - 11)
    }
  }

  /// - Returns: the row after all but the fields, which have what is left.
  @discardableResult
  private static func drawTall(
    _ group: ModelGroup, _ facts: Facts, _ platform: SafeText, _ hints: Hints, isStale: Bool, now: Timestamp,
    _ layout: ModelsLayout, spare: Int = 0, on frame: inout Frame
  ) -> Int {
    let column = layout.listWidth + 2
    let sign = isStale ? (glyph: "~", style: .plain) : group.model.state.sign
    let end = frame.rows - 2
    var row = layout.paneRow + 2
    var spare = max(0, spare)
    let room = frame.columns - column - 12
    func line(_ name: SafeText, _ text: StyledText) {
      guard row < end else { return }
      frame.write(name, row: row, column: column, style: .dim)
      let lines = text.wrapped(to: room, rows: 1 + spare)
      spare -= lines.count - 1
      for line in lines where row < end {
        frame.write(line, row: row, column: column + 11)
        row += 1
      }
    }
    let replicas = group.model.deployed?.replicas.map { "  \($0.text) replicas".safe } ?? .empty
    line(
      "state", StyledText([.init(sign.glyph, sign.style), .init(" ".safe + group.model.state.word.safe + replicas)]))
    let reason = SafeText.lines(of: group.model.reason.string, width: room)
    for (index, part) in reason.prefix(4).enumerated() where !part.isEmpty {
      line(index == 0 ? "reason" : "", StyledText([.init(part)]))
    }
    for detail in tallDetails(of: group.model) { line(detail.title, detail.text) }
    line("platform", StyledText([.init(platform)]))
    line("inputs", StyledText([.init(inputs(of: group.model))]))
    line("outputs", StyledText([.init(outputs(of: group.model))]))
    line("explain", names(group.explainers, of: group, columns: room))
    line("drift", whole(room) { driftDetector(group, facts, isShort: $0) })
    line("outlier", names(group.outlierDetectors, of: group, columns: room))
    func rule(_ title: SafeText, _ right: SafeText) {
      Chrome.rule(title, right: right, row: row, columns: column - 1..<frame.columns, on: &frame)
      row += 1
    }
    row += 1
    if isStale, row + 4 < end {
      rule("without the service", .empty)
      drawOffline(facts, hints, row: row, column: column, on: &frame)
      row += 4
    }
    let graph = graph(of: group.model)
    if !graph.isEmpty, row + 2 < end {
      rule(group.model.kind.word.safe, .empty)
      for text in graph where row < end {
        frame.write(text, row: row, column: column, limit: frame.columns - column - 1)
        row += 1
      }
      row += 1
    }
    if let split = Split(of: group.model, facts), row + 3 < end {
      rule("answered by", Numeral.count(split.cases))
      let rect = Rect(row: row, column: column, rows: end - row, columns: frame.columns - column - 1)
      row = split.draw(rect, on: &frame) + 1
    }
    if row + 3 < end {
      rule("yours", .empty)
      line("judged", StyledText([.init(verdicts(facts))]))
      // Where both do not fit the age has a row of its own.
      let isWhole = queue(facts, now: now).width <= room
      line("queue", StyledText(queue(facts, now: now, by: isWhole ? ", " : "   ")))
      line("cases", StyledText(cases(facts)))
      row += 1
    }
    if row + 7 < end, let features = facts.features, facts.driftShares.contains(where: { $0 != nil }) {
      rule("features drifted, 60 h", "of \(features)".safe)
      drawShares(
        facts, features, Rect(row: row, column: column, rows: 5, columns: frame.columns - column - 1), on: &frame)
      row += 6
    }
    let last = row
    guard let fields = group.model.signature?.fields, !fields.isEmpty, row + 2 < end else { return last }
    rule("fields", "\(fields.count)".safe)
    let left = end - row
    let shown = fields.count > left ? max(0, left - 1) : fields.count
    for field in fields.prefix(shown) {
      frame.write(field.name.safe, row: row, column: column, limit: (frame.columns - column) / 2)
      frame.write(
        field.expectation.safe, row: row, endingAt: frame.columns - 1, limit: (frame.columns - column) / 2 - 2,
        style: .dim)
      row += 1
    }
    if shown < fields.count {
      frame.write("\(fields.count - shown) more".safe, row: row, column: column, style: .dim)
    }
    return last
  }

  /// How many features drifted in the last ten windows of 6 h.
  private static func drawShares(_ facts: Facts, _ features: Int, _ rect: Rect, on frame: inout Frame) {
    let counts = facts.driftShares.map { share in share.map { ($0 * Double(features)).rounded() } }
    let top = max(1, counts.compactMap(\.self).max() ?? 1)
    BrailleLine(
      counts, range: 0...top, labels: [.init(0, "0"), .init(top, Numeral.decimal(top, places: 0))],
      dotsPerValue: min(12, max(2, (rect.columns - 5) * 2 / max(1, counts.count))), gutter: 4
    ).draw(on: &frame, in: rect)
  }

  private static func driftDetector(_ group: ModelGroup, _ facts: Facts, isShort: Bool) -> StyledText {
    guard !group.driftDetectors.isEmpty else { return StyledText([.init("·", .dim)]) }
    let name = names(Array(group.driftDetectors.prefix(1)), of: group, isShort: isShort)
    guard let drifted = facts.drifted, let features = facts.features else { return name }
    return name
      + (drifted > 0 ? StyledText(signs: " ▲ \(drifted) of \(features)".safe) : StyledText(signs: " ● no drift"))
  }

  private static func inputs(of model: Model) -> SafeText {
    guard let signature = model.signature else { return "·" }
    if signature.inputs.isEmpty { return "no signature published" }
    let count = signature.fields.count
    let types =
      signature.inputs.count == 1
      ? " ".safe + signature.inputs[0].text.safe : ", \(signature.inputs.count) tensors".safe
    return "\(count) ".safe + (count == 1 ? "field" : "fields") + types
  }

  private static func outputs(of model: Model) -> SafeText {
    guard let signature = model.signature else { return "·" }
    if !signature.classes.isEmpty {
      return "\(signature.classes.count) classes: ".safe + signature.classes.map(\.safe).joined(separator: ", ")
    }
    return signature.outputs.map { $0.name.safe + " " + $0.text.safe }.joined(separator: " · ")
  }

  private static func detectors(_ group: ModelGroup, _ facts: Facts, columns: Int) -> StyledText {
    whole(columns) { isShort in
      var text = group.driftDetectors.isEmpty ? StyledText() : driftDetector(group, facts, isShort: isShort)
      if let detector = group.outlierDetectors.first {
        if !text.isEmpty { text += " · " }
        text += names([detector], of: group, isShort: isShort)
      }
      return text.isEmpty ? StyledText([.init("·", .dim)]) : text
    }
  }

  private static func verdicts(_ facts: Facts) -> SafeText {
    let parts = Verdict.allCases.compactMap { verdict -> SafeText? in
      guard let count = facts.verdicts[verdict], count > 0 else { return nil }
      return verdict.word + " \(count)".safe
    }
    if !facts.isCounted { return "·" }
    return parts.isEmpty ? "no judgements yet" : parts.joined(separator: " · ")
  }

  /// An unknown is never 0.
  private static func cases(_ facts: Facts) -> SafeText { facts.isCounted ? Numeral.count(facts.cases) : "·" }

  private static func queue(_ facts: Facts, now: Timestamp, by separator: SafeText = ", ") -> SafeText {
    guard facts.isCounted else { return "·" }
    guard facts.waiting > 0 else { return "nothing waits" }
    let oldest = facts.oldestWaiting.map { separator + "oldest " + now.age(since: $0).safe } ?? .empty
    return Numeral.count(facts.waiting) + " waiting" + oldest
  }
}

extension Timestamp {
  /// How long ago another moment was, in its coarsest unit: `2 h`, `3 d`.
  func age(since other: Timestamp) -> String {
    let seconds = max(0, seconds(since: other))
    switch seconds {
    case ..<60: return "now"
    case ..<3600: return "\(Int(seconds / 60)) min"
    case ..<86_400: return "\(Int(seconds / 3600)) h"
    default: return "\(Int(seconds / 86_400)) d"
    }
  }
}
