internal import Domain
internal import Frames
internal import SafeText

extension Prediction {
  /// Bytes of a text that a line can show at most.
  private static let line = 2000

  /// The answer in a word; the beginning of the text where the model wrote one.
  var shown: SafeText {
    guard label.isEmpty, let text else { return label.safe }
    return RawText(bytes: Array(text.bytes.prefix(Prediction.line))).safe
  }

  /// The answer that is one number, as the model says it; nil for any other.
  var number: SafeText? {
    guard case .value(let value) = answer else { return nil }
    return wholeNumber.map { RawText(bytes: $0.bytes.flatMap { $0 == 0x2D ? Array("−".utf8) : [$0] }).safe }
      ?? Numeral.exact(value)
  }

  /// What of the answer makes one look twice: another shape than the model publishes, or its probabilities.
  func doubt(_ signature: Signature?) -> SafeText? { otherShape(than: signature) ?? doubt }

  /// An output that has more or fewer values along a fixed extent than are published; the first counts records.
  private func otherShape(than signature: Signature?) -> SafeText? {
    for output in outputs {
      guard let spec = signature?.outputs.first(where: { $0.name == output.name }),
        spec.shape.count == output.shape.count
      else { continue }
      for (published, came) in zip(spec.shape, output.shape).dropFirst() where published > 0 && published != came {
        return output.name.safe + " has \(came) values, \(published) are published".safe
      }
    }
    return nil
  }

  /// What of the probabilities makes one look twice, as those of several labels at once or of a threshold of the model's
  /// own do; nil where each is from 0 to 1, they add up to one and the largest is the answer's.
  var doubt: SafeText? {
    let probabilities = classes.compactMap(\.probability)
    guard probabilities.count > 1, probabilities.count == classes.count else { return nil }
    guard probabilities.allSatisfy({ $0 >= 0 && $0 <= 1 }) else { return "probabilities beyond 0 to 1" }
    let sum = probabilities.reduce(0, +)
    if abs(sum - 1) >= 0.02 { return "probabilities add up to ".safe + Numeral.decimal(sum) }
    guard let chosen = chosen?.probability, let largest = probabilities.max(), largest - chosen >= 0.01 else {
      return nil
    }
    return "not the most probable class"
  }
}
