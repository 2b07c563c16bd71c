internal import Domain
internal import Frames
internal import SafeText

extension Attributions {
  /// A number that the explainer had in place of the record's under the same name, in words: then the shares are those of
  /// another record. Nil where they agree, and where what is shown is no number, as a category's name is none.
  func valueOfAnother(than content: CaseContent?) -> SafeText? {
    guard layout.isList, let content, let signature = content.signature else { return nil }
    let values = signature.values(in: content.case.record)
    let numbers = Dictionary(zip(signature.fields, values).map { ($0.name, $1.number) }) { first, _ in first }
    for feature in features {
      guard let number = numbers[feature.name] ?? nil, let explained = Double(feature.value.string) else { continue }
      // As near as single precision has it.
      guard abs(number - explained) > 1e-6 * max(1, abs(number)) else { continue }
      return feature.name.safe + " was " + Numeral.exact(explained) + ", not " + Numeral.exact(number)
    }
    return nil
  }
}
