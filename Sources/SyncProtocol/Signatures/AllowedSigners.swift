/// Whose signatures count: the lines of an `allowed_signers` file (ssh-keygen(1)), read with fewer liberties. A line
/// that asks for anything that is not checked here lets nobody in.
public struct AllowedSigners: Sendable {
  struct Line: Hashable {
    var analysts: [String]
    /// nil where the line allows every purpose.
    var namespaces: [String]?
    var key: SSHPublicKey
  }

  /// What stands for the analyst's name in a line that a tool prints which does not know it; nobody is called that.
  public static let placeholder = "ANALYST"

  private var lines: [Line] = []
  /// Lines that let nobody in, by number, with the reason.
  public private(set) var faults: [(number: Int, reason: String)] = []

  public init(text: String) {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let words = AllowedSigners.words(of: line)
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      do {
        lines.append(try Line(words))
      } catch {
        faults.append((index + 1, error.words))
      }
    }
  }

  public enum Verdict: Hashable, Sendable {
    case analyst(String)
    /// No line has the key for this purpose.
    case unknown
    /// Several analysts have the key: whose events they are cannot be told.
    case ambiguous([String])
  }

  /// Whose key this is, for a purpose.
  public func analyst(of key: SSHPublicKey, namespace: String) -> Verdict {
    let matching = lines.filter { $0.key == key && ($0.namespaces?.contains(namespace) ?? true) }
    let analysts = Set(matching.flatMap(\.analysts)).sorted()
    guard let first = analysts.first else { return .unknown }
    return analysts.count == 1 ? .analyst(first) : .ambiguous(analysts)
  }

  /// The words of a line; blanks inside quotes part none.
  private static func words(of line: Substring) -> [String] {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    for character in line {
      if character == "\"" { isQuoted.toggle() }
      if !isQuoted, character == " " || character == "\t" || character == "\r" {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    return word.isEmpty ? words : words + [word]
  }
}

extension AllowedSigners.Line {
  struct Fault: Error { var words: String }

  /// `analysts [options] ssh-ed25519 base64 [comment]`
  init(_ words: [String]) throws(Fault) {
    guard words.count >= 3 else { throw Fault(words: "it has too few words") }
    let hasOptions = words[1] != "ssh-ed25519"
    guard !hasOptions || (words.count >= 4 && words[2] == "ssh-ed25519") else {
      // The line as it was printed, with the name before the word that stands for it.
      throw Fault(
        words: words[1] == AllowedSigners.placeholder
          ? "the name goes in the place of \(AllowedSigners.placeholder), not before it"
          : "only keys of the kind ssh-ed25519 are known here")
    }
    guard let key = Base64.bytes(of: Array(words[hasOptions ? 3 : 2].utf8)).flatMap({ SSHPublicKey(blob: $0) }) else {
      throw Fault(words: "the key cannot be read")
    }
    let analysts = words[0].filter { $0 != "\"" }.split(separator: ",").map(String.init)
    guard !analysts.isEmpty, analysts.allSatisfy({ !$0.contains { "*?!".contains($0) } }) else {
      throw Fault(words: "an analyst is named in full, without * ? !")
    }
    guard !analysts.contains(AllowedSigners.placeholder) else {
      throw Fault(words: "\(AllowedSigners.placeholder) stands for the analyst's name: put that in its place")
    }
    self.init(
      analysts: analysts, namespaces: hasOptions ? try Self.namespaces(in: words[1]) : nil, key: key)
  }

  private static func namespaces(in options: String) throws(Fault) -> [String] {
    let name = "namespaces=\""
    guard options.lowercased().hasPrefix(name), options.last == "\"",
      !options.dropFirst(name.count).dropLast().contains("\"")
    else { throw Fault(words: "the only option that is known here is namespaces=\"…\"") }
    return options.dropFirst(name.count).dropLast().split(separator: ",").map(String.init)
  }
}
