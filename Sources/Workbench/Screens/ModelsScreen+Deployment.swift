internal import Domain
internal import Frames
internal import SafeText

/// What a control plane says of a model, as the pane shows it.
extension ModelsScreen {
  /// A line of the pane.
  struct Detail {
    var title: SafeText
    var text: StyledText

    init(_ title: SafeText, _ text: StyledText) {
      self.title = title
      self.text = text
    }

    init(_ title: SafeText, _ text: SafeText) { self.init(title, StyledText(text)) }
  }

  /// `2/2 mlserver`; nothing where nobody tells.
  static func place(of model: Model) -> SafeText {
    guard let deployed = model.deployed else { return .empty }
    let replicas = deployed.replicas?.text.safe ?? .empty
    return [replicas, deployed.server.safe].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// The pipelines and experiments that call it.
  static func users(of model: Model) -> SafeText {
    let endings = [Pipeline.suffix, Experiment.suffix]
    return (model.deployed?.usedBy ?? []).map { address in
      let ending = endings.first { address.bytes.suffix($0.bytes.count).elementsEqual($0.bytes) }
      return RawText(bytes: address.bytes.dropLast(ending?.bytes.count ?? 0)).safe
    }.joined(separator: ", ")
  }

  /// What takes the place of inputs and outputs in the short pane: why it is not ready, its graph, its candidates.
  static func shortDetails(of group: ModelGroup, _ facts: Facts) -> [Detail] {
    let model = group.model
    var details: [Detail] = []
    if model.state != .ready, !model.reason.isEmpty {
      details.append(
        Detail(
          "why", StyledText([.init(model.state.sign.glyph, model.state.sign.style), .init(" " + model.reason.safe)])))
    }
    switch model.kind {
    case .model: if !details.isEmpty { details += versions(of: model) }
    case .pipeline(let pipeline):
      let lines = PipelineDrawing(pipeline).lines.map(text)
      // Two rows for all of it: what a row has no room for ends in `…`.
      let rows = details.isEmpty ? 2 : 1
      let share = (lines.count + rows - 1) / rows
      for row in 0..<rows where row * share < lines.count {
        let part = lines[(row * share)..<min(lines.count, (row + 1) * share)]
        details.append(Detail(row == 0 ? "graph" : "", part.joined(separator: "   ")))
      }
    case .experiment(let experiment):
      let split = Split(experiment, facts)
      guard split.isEmpty else { return details + [Detail("split", split.line)] }
      let parts = candidates(of: experiment)
      // One row for the split and its mirror.
      let rest = parts.dropFirst().map { StyledText(" · ".safe + $0.title + " ") + $0.text }
      if let first = parts.first { details.append(Detail(first.title, rest.reduce(first.text, +))) }
    }
    return details
  }

  /// The lines of the tall pane that a control plane fills.
  static func tallDetails(of model: Model) -> [Detail] {
    guard let deployed = model.deployed else { return [] }
    var details: [Detail] = []
    if case .model = model.kind {} else { details.append(Detail("address", model.id.name.safe)) }
    if !deployed.namespace.isEmpty { details.append(Detail("namespace", deployed.namespace.safe)) }
    if !deployed.server.isEmpty { details.append(Detail("server", deployed.server.safe)) }
    if deployed.versions.count > 1 { details += versions(of: model) }
    if !deployed.usedBy.isEmpty { details.append(Detail("used by", users(of: model))) }
    if let scale = deployed.scale {
      let now = scale.current.map { ", now \($0)" } ?? ""
      let word = scale.isPaused ? ", paused" : scale.isActive ? ", active" : ""
      details.append(Detail("scaled", "\(scale.minimum) to \(scale.maximum)\(now)\(word)".safe))
    }
    return details
  }

  /// The steps of a pipeline a line, or the candidates of an experiment.
  static func graph(of model: Model) -> [SafeText] {
    switch model.kind {
    case .model: []
    case .pipeline(let pipeline): PipelineDrawing(pipeline).lines.map(text)
    case .experiment(let experiment):
      candidates(of: experiment).flatMap { detail in
        let isSplit = detail.title == "split" && !experiment.candidates.isEmpty
        return isSplit ? share(experiment) : [detail.title + " " + detail.text.text]
      }
    }
  }

  /// `in ─▶ wine ─▶ out`.
  private static func text(_ line: PipelineDrawing.Line) -> SafeText {
    var text = line.sources.map(\.safe).joined(separator: " + ") + " ─▶ " + line.step.safe
    if !line.notes.isEmpty { text += " (" + line.notes.map(\.safe).joined(separator: ", ") + ")" }
    return line.isOutput ? text + " ─▶ out" : text
  }

  /// `v3 ◐ Loading 0/2 · v2 ● Ready 2/2`, the newest first.
  private static func versions(of model: Model) -> [Detail] {
    guard let versions = model.deployed?.versions, versions.contains(where: { !$0.name.isEmpty }) else { return [] }
    var text = StyledText()
    for version in versions.reversed() {
      if !text.isEmpty { text += " · " }
      let sign = version.state.sign
      let replicas = version.replicas.map { " \($0.text)".safe } ?? .empty
      text += StyledText([
        .init("v" + version.name.safe + " "), .init(sign.glyph, sign.style),
        .init(" " + version.state.word.safe + replicas),
      ])
    }
    return [Detail("versions", text)]
  }

  /// `income 70% default`, each candidate.
  private static func share(_ experiment: Experiment) -> [SafeText] {
    experiment.candidates.map { candidate in
      let share = experiment.percent(of: candidate).map { " \($0) %".safe } ?? .empty
      return candidate.name.safe + share + (candidate.name == experiment.standard ? " default" : .empty)
    }
  }

  private static func candidates(of experiment: Experiment) -> [Detail] {
    guard !experiment.candidates.isEmpty else {
      return [Detail("split", StyledText([.init("Kubernetes alone tells the candidates", .dim)]))]
    }
    var details = [Detail("split", share(experiment).joined(separator: " · "))]
    if let mirror = experiment.mirror {
      details.append(Detail("mirror", mirror.name.safe + " \(mirror.percent) %".safe))
    }
    return details
  }

  /// Names of those that serve a model, each with its state where it does not answer.
  static func names(_ ids: [ModelID], of group: ModelGroup, columns: Int) -> StyledText {
    whole(columns) { names(ids, of: group, isShort: $0) }
  }

  /// A text with whole names where they have room, else with short ones.
  static func whole(_ columns: Int, _ text: (_ isShort: Bool) -> StyledText) -> StyledText {
    let whole = text(false)
    return whole.width <= columns ? whole : text(true)
  }

  static func names(_ ids: [ModelID], of group: ModelGroup, isShort: Bool) -> StyledText {
    guard !ids.isEmpty else { return "·" }
    var text = StyledText()
    for id in ids {
      if !text.isEmpty { text += ", " }
      // A helper is mostly named after its model: what is its own comes first in a narrow pane.
      let own = id.name.bytes.dropFirst(group.id.name.bytes.count)
      let isNamedAfter = !group.id.name.isEmpty && !own.isEmpty && id.name.bytes.starts(with: group.id.name.bytes)
      text += StyledText(isShort && isNamedAfter ? "…" + RawText(bytes: own).safe : id.name.safe)
      guard let state = group.attendants.first(where: { $0.id == id })?.state, state != .ready else { continue }
      text += StyledText([.init(" "), .init(state.sign.glyph, state.sign.style)])
    }
    return text
  }

  /// The selected model's deployment for the plain form.
  static func deployment(_ group: ModelGroup, _ facts: Facts) -> [Outline.Section] {
    let model = group.model
    guard let deployed = model.deployed else { return [] }
    var lines = ["kind \(model.kind.word)"]
    if !model.reason.isEmpty { lines.append("reason \(model.reason.safe)") }
    if let replicas = deployed.replicas { lines.append("replicas \(replicas.text)") }
    lines += tallDetails(of: model).map { "\($0.title) \($0.text.plain)" }
    lines += graph(of: model).map(\.text)
    var sections = [Outline.Section(model.title.text, lines: lines)]
    if let split = Split(of: model, facts) { sections.append(split.section) }
    return sections
  }
}
