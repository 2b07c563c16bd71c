internal import Domain
internal import Frames

extension CaseScreen.State {
  /// The record's values in the order of the signature's fields.
  var values: [FieldValue] {
    guard let content = content.value, let signature = content.signature else { return [] }
    return signature.values(in: content.case.record)
  }

  /// Why the model cannot be asked about other values; nil where it can.
  func obstacle(toChanging what: CaseScreen.LowerPanel) -> Obstacle? {
    guard let signature = content.value?.signature else {
      return "the service does not say which fields the record has"
    }
    if WhatIf.fields(of: signature).isEmpty { return "a picture has no single value to change" }
    guard what == .flips else { return nil }
    let search = FlipSearch(signature: signature, values: values, original: content.value?.case.prediction ?? .none)
    guard search.candidates.isEmpty else { return nil }
    if signature.fields.allSatisfy({ $0.kind == .text }) {
      return Obstacle("a text has no single value to search", hint: Hint(.whatIf, "asks about another text"))
    }
    guard signature.fields.allSatisfy(\.isOpen) else { return nil }
    return Obstacle("a list has no single value to search", hint: Hint(.whatIf, "asks about another"))
  }

  /// The panels that have something to show, in their order.
  var panels: [CaseScreen.LowerPanel] {
    CaseScreen.LowerPanel.allCases.filter { panel in
      switch panel {
      case .classes: (attributions?.classes.count ?? 0) > 2 && attributions?.layout == .list
      case .flips: flips != .idle
      case .whatIf: whatIf != nil || asking != nil || !(content.value?.probes.isEmpty ?? true)
      }
    }
  }

  /// Whether a panel has rows on a terminal of this size.
  func hasPanel(_ panel: CaseLayout.Panel) -> Bool { CaseLayout(self).panels.contains { $0.panel == panel } }

  /// Whether another value is typed, or its answer awaited, where no panel shows it.
  var isAskingWithoutPanel: Bool {
    guard whatIf != nil || asking != nil && editor?.isAsking != true else { return false }
    return !hasPanel(.whatIf)
  }
}

extension Field {
  /// Whether it takes any number of values.
  fileprivate var isOpen: Bool {
    switch kind {
    case .list, .open: true
    case .number, .integer, .flag, .category, .text, .image: false
    }
  }
}

extension Prediction {
  fileprivate static let none = Prediction(model: ModelID(""), answer: .opaque, outputs: [])
}

extension CaseScreen {
  /// Begins to change the value that the selection is on; else the first that can be changed.
  static func beginWhatIf(_ state: inout State) -> [Effect] {
    guard let signature = state.content.value?.signature else { return [] }
    let fields = WhatIf.fields(of: signature)
    let selected = state.target.flatMap { part in fields.first { signature.fields[$0].name == part.name } }
    guard let field = selected ?? fields.first else { return [] }
    if let order = state.unanswered, order.caseID == state.id, order.field == field {
      state.whatIf = WhatIf(again: order, of: signature, values: state.values)
    } else {
      state.whatIf = WhatIf(field: field, of: signature, values: state.values)
    }
    state.lower = .whatIf
    layOut(&state)
    return []
  }

  static func typeWhatIf(_ state: inout State, _ key: Key) -> [Effect] {
    guard var whatIf = state.whatIf, let signature = state.content.value?.signature else { return [] }
    let outcome = whatIf.take(key, signature: signature, values: state.values)
    switch outcome {
    case .going:
      state.whatIf = whatIf
      return []
    case .left:
      state.whatIf = nil
      settlePanel(&state)
      return []
    case .asks(let value):
      state.whatIf = nil
      guard state.values.indices.contains(whatIf.field), value != state.values[whatIf.field] else {
        settlePanel(&state)
        return []
      }
      state.asked += 1
      let order = ProbeOrder(
        caseID: state.id, field: whatIf.field, name: signature.fields[whatIf.field].name, value: value,
        number: state.asked)
      state.asking = order
      return [.probe(order)]
    }
  }

  /// A panel that has nothing to show gives its place back.
  private static func settlePanel(_ state: inout State) {
    if !state.panels.contains(state.lower) { state.lower = state.panels.first ?? .classes }
    layOut(&state)
  }

  static func probed(_ state: inout State, _ probe: Probe, _ order: ProbeOrder) {
    guard order.caseID == state.id, var content = state.content.value else { return }
    if state.asking == order { state.asking = nil }
    state.unanswered = nil
    content.probes.removeAll { $0.field == probe.field && $0.to == probe.to }
    content.probes.insert(probe, at: 0)
    state.content = .loaded(content)
    layOut(&state)
  }

  /// Searches on demand; what was found stays.
  static func findFlips(_ state: inout State) -> [Effect] {
    guard state.content.value?.signature != nil else { return [] }
    state.lower = .flips
    defer { layOut(&state) }
    switch state.flips {
    case .loading, .loaded: return []
    case .idle, .failed:
      state.flips.load()
      return [.findFlips(state.id)]
    }
  }

  static func turnPanel(_ state: inout State, by step: Int) {
    let panels = state.panels
    guard !panels.isEmpty else { return }
    let now = panels.firstIndex(of: state.lower) ?? 0
    state.lower = panels[(now + step + panels.count) % panels.count]
    layOut(&state)
  }

  static func leave(_ state: inout State) -> [Effect] {
    state.whatIf = nil
    state.deciding = nil
    state.asking = nil
    guard state.flips.isLoading else { return [] }
    state.flips = .idle
    return [.stopFlips(state.id)]
  }
}
