public import Domain
internal import Frames
internal import SafeText

extension OutboxScreen {
  /// An event, whole.
  public struct EventDetail: Equatable, Sendable {
    public var sequence: Int
    public var kind: RawText
    public var at: Timestamp
    public var analyst: RawText
    /// Hexadecimal digits of its identity, its hash and the hash before it.
    public var id: String
    public var hash: String
    public var previous: String
    /// What it says; nil where its content was taken out.
    public var body: JSON?

    public init(
      sequence: Int, kind: RawText, at: Timestamp, analyst: RawText, id: String, hash: String, previous: String,
      body: JSON?
    ) {
      self.sequence = sequence
      self.kind = kind
      self.at = at
      self.analyst = analyst
      self.id = id
      self.hash = hash
      self.previous = previous
      self.body = body
    }

    /// The event to read over the screen.
    var outline: Outline {
      let lines = body.map { Self.lines($0, indent: "") } ?? ["its content was taken out; the chain still holds"]
      let shown = lines.prefix(Self.longest).map(\.safe.text)
      let rest = lines.count > Self.longest ? ["… \(lines.count - Self.longest) lines more"] : []
      return Outline(
        "Event \(sequence)  \(kind.safe.text)",
        [
          Outline.Section(
            "",
            lines: [
              "at        \(at)", "analyst   \(analyst.safe.text)", "event     \(id)", "hash      \(hash)",
              "previous  \(previous)",
            ]),
          Outline.Section("Content", lines: shown + rest),
        ])
    }

    /// Lines that are shown, and characters of one.
    private static let longest = 400
    private static let widest = 400

    private static func lines(_ json: JSON, indent: String) -> [String] {
      guard case .object(let members) = json else { return [indent + text(json)] }
      return members.flatMap { member -> [String] in
        let name = indent + member.key.string
        if isObject(member.value) { return [name] + lines(member.value, indent: indent + "  ") }
        if let elements = member.value.array, elements.contains(where: isObject) {
          return [name] + elements.flatMap { lines($0, indent: indent + "  - ") }
        }
        return ["\(name)  \(text(member.value))"]
      }
    }

    private static func isObject(_ json: JSON) -> Bool {
      if case .object = json { true } else { false }
    }

    private static func text(_ json: JSON) -> String {
      let text = json.text?.string ?? json.serializedString
      return text.count > widest ? text.prefix(widest) + "…" : text
    }
  }
}
