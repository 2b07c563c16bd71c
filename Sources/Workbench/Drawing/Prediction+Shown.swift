internal import Domain
internal import SafeText

extension Prediction {
  /// Bytes of a text that a line can show at most.
  private static let line = 2000

  /// The answer in a word; the beginning of the text where the model wrote one.
  var shown: SafeText {
    guard label.isEmpty, let text else { return label.safe }
    return RawText(bytes: Array(text.bytes.prefix(Prediction.line))).safe
  }
}
