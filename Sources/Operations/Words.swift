internal import Domain

/// What an analyst says in words, and goes into one event.
enum Words {
  /// Bytes of one text as an event holds it. A collector takes events of 64 KiB: what is larger it would get as a hash.
  static let most = 32 * 1024

  /// Refuses a text that is too long to be sent.
  static func check(_ text: RawText, as name: String) throws(Problem) {
    let count = JSON.string(text).serialized.count
    guard count > most else { return }
    throw Problem(
      "The \(name) is too long to be sent: \(count / 1024) KB of \(most / 1024).",
      advice: "Shorten it, or name the place where the whole of it is.", kind: .invalidInput)
  }
}
