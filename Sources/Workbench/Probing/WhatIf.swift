public import Domain
public import Frames

/// A field of the record being changed, for a question to the model; the record itself stays as it is.
public struct WhatIf: Equatable, Sendable {
  /// How the new value is given.
  public enum Entry: Equatable, Sendable {
    case typing(TextInput)
    case choosing([RawText], selected: Int)
  }

  /// The field, as an index of the signature's.
  public private(set) var field: Int
  public private(set) var entry: Entry
  /// What does not fit; a value that is only unusual is asked with a second Enter.
  public private(set) var problem: FieldProblem?

  /// What a key came to.
  public enum Outcome: Equatable, Sendable {
    case going
    case left
    case asks(FieldValue)
  }

  public init(field: Int, of signature: Signature, values: [FieldValue]) {
    self.field = field
    entry = WhatIf.entry(field, signature, values)
  }

  /// What was asked and got no answer, to be asked again.
  init(again order: ProbeOrder, of signature: Signature, values: [FieldValue]) {
    field = order.field
    var values = values
    if values.indices.contains(field) { values[field] = order.value }
    entry = WhatIf.entry(field, signature, values)
    if case .typing(let input) = entry, input.text.isEmpty { entry = .typing(TextInput(order.value.text.string)) }
  }

  private static func entry(_ index: Int, _ signature: Signature, _ values: [FieldValue]) -> Entry {
    let now = index < values.count ? values[index].text : ""
    switch signature.fields[index].kind {
    case .category(let labels): return .choosing(labels, selected: labels.firstIndex(of: now) ?? 0)
    case .flag: return .choosing(["false", "true"], selected: now == "true" ? 0 : 1)
    case .text: return .typing(TextInput(now.string, keepsLines: true))
    case .list: return .typing(TextInput(now.string))
    // The present value stands beside: what is typed takes its place.
    case .number, .integer, .image, .open: return .typing(TextInput(""))
    }
  }

  /// The fields that can be changed here: all but pictures, and what no form tells the shape of.
  static func fields(of signature: Signature) -> [Int] {
    signature.fields.indices.filter { index in
      switch signature.fields[index].kind {
      case .image, .open: false
      case .number, .integer, .flag, .category, .text, .list: true
      }
    }
  }

  /// Takes a key: Enter asks, Esc leaves, Tab goes to the next field.
  public mutating func take(_ key: Key, signature: Signature, values: [FieldValue]) -> Outcome {
    switch (key, entry) {
    case (.escape, _): return .left
    case (.tab, _):
      turn(by: 1, signature, values)
    case (.backTab, _):
      turn(by: -1, signature, values)
    case (.enter, .typing(let input)): return ask(RawText(input.text), signature)
    case (.enter, .choosing(let labels, let selected)): return ask(labels[selected], signature)
    case (_, .typing(var input)):
      if input.apply(key) {
        problem = nil
        entry = .typing(input)
      }
    case (_, .choosing(let labels, let selected)): choose(key, labels, selected)
    }
    return .going
  }

  /// Takes the text as it came back from an editor.
  mutating func replace(with input: TextInput) {
    guard case .typing = entry else { return }
    problem = nil
    entry = .typing(input)
  }

  /// Takes pasted text.
  public mutating func paste(_ text: String) {
    guard case .typing(var input) = entry else { return }
    input.insert(text)
    problem = nil
    entry = .typing(input)
  }

  private mutating func turn(by step: Int, _ signature: Signature, _ values: [FieldValue]) {
    let fields = WhatIf.fields(of: signature)
    guard let place = fields.firstIndex(of: field) else { return }
    self = WhatIf(field: fields[(place + step + fields.count) % fields.count], of: signature, values: values)
  }

  private mutating func ask(_ text: RawText, _ signature: Signature) -> Outcome {
    let field = signature.fields[field]
    switch field.value(of: text) {
    case .failure(let found):
      problem = found
      return .going
    case .success(let value):
      let doubt = field.doubt(about: value)
      if doubt == nil || doubt == problem { return .asks(value) }
      problem = doubt
      return .going
    }
  }

  private mutating func choose(_ key: Key, _ labels: [RawText], _ selected: Int) {
    switch key {
    case .down, .text("j"), .right, .text("l"): entry = .choosing(labels, selected: min(selected + 1, labels.count - 1))
    case .up, .text("k"), .left, .text("h"): entry = .choosing(labels, selected: max(selected - 1, 0))
    default:
      // A digit is the place of a label.
      if let digit = key.digit, labels.indices.contains(digit - 1) { entry = .choosing(labels, selected: digit - 1) }
    }
  }
}
