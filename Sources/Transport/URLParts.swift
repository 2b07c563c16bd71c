/// An http or https URL in parts, read strictly: what cannot be read in one way only is refused.
public struct URLParts: Hashable, Sendable, CustomStringConvertible {
  /// How the bytes travel.
  public enum Scheme: String, Sendable {
    case http, https
  }

  public let scheme: Scheme
  /// In lower case; an IPv6 address without its brackets.
  public let host: String
  /// As written, or 80 or 443.
  public let port: Int
  /// The path and the query, percent-encoded; begins with `/`.
  public let target: String

  /// The address without the slashes at its end, to which paths are joined.
  public static func withoutEndingSlashes(_ address: String) -> String {
    var address = address[...]
    while address.hasSuffix("/") { address.removeLast() }
    return String(address)
  }

  /// Reads an absolute URL of ASCII characters. A fragment is dropped; user names and passwords are refused, because
  /// URLs end up in logs.
  public init(_ text: String) throws(TransportError) {
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
      throw .invalidURL(reason: "it has spaces, backslashes or characters that are not percent-encoded")
    }
    guard let mark = text.firstRange(of: "://") else {
      throw .invalidURL(reason: "it does not begin with https:// or http://")
    }
    guard let scheme = Scheme(rawValue: text[..<mark.lowerBound].lowercased()) else {
      throw .invalidURL(reason: "only https and http are spoken")
    }
    let rest = text[mark.upperBound...].prefix { $0 != "#" }
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    guard !authority.contains("@") else {
      throw .invalidURL(reason: "it holds a user name or a password; use a token file or a token command")
    }
    let (host, port) = try Self.endpoint(authority)
    self.scheme = scheme
    self.host = host.lowercased()
    self.port = port ?? (scheme == .https ? 443 : 80)
    let target = rest[authority.endIndex...]
    self.target = target.hasPrefix("/") ? String(target) : "/" + target
  }

  private static func endpoint(_ authority: Substring) throws(TransportError) -> (Substring, Int?) {
    let host: Substring
    var after: Substring
    if authority.hasPrefix("[") {
      guard let close = authority.firstIndex(of: "]") else {
        throw .invalidURL(reason: "the IPv6 address has no closing bracket")
      }
      host = authority[authority.index(after: authority.startIndex)..<close]
      after = authority[authority.index(after: close)...]
      guard !host.isEmpty, host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
        throw .invalidURL(reason: "what is in brackets is no IPv6 address")
      }
    } else {
      host = authority.prefix { $0 != ":" }
      after = authority[host.endIndex...]
      guard !host.isEmpty, host.allSatisfy({ $0.isLetter || $0.isNumber || "-._".contains($0) }) else {
        throw .invalidURL(reason: host.isEmpty ? "it names no host" : "the host has a character no host can have")
      }
    }
    if after.isEmpty { return (host, nil) }
    guard after.removeFirst() == ":", after.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let port = Int(after), (1...65535).contains(port)
    else { throw .invalidURL(reason: "the port is not a number from 1 to 65535") }
    return (host, port)
  }

  /// The whole URL.
  public var description: String { origin + target }

  /// `https://host:port`, without the port where it is the scheme's own.
  public var origin: String {
    let name = host.contains(":") ? "[\(host)]" : host
    let own = scheme == .https ? 443 : 80
    return port == own ? "\(scheme.rawValue)://\(name)" : "\(scheme.rawValue)://\(name):\(port)"
  }

  /// Whether the host is this machine whatever a name server says: 127.0.0.0/8, ::1 and `localhost`, which libcurl
  /// never looks up.
  public var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { part in UInt8(part).map { String($0) == part } ?? false }
  }

  /// One path segment, percent-encoded: what a name from outside must pass through to be put into a path.
  public static func encoded(segment: String) -> String { encoded(segment: Array(segment.utf8)) }

  /// One path segment of raw bytes, percent-encoded; `.` and `..` come out as a name, not as a step.
  public static func encoded(segment: [UInt8]) -> String {
    let isStep = segment == Array(".".utf8) || segment == Array("..".utf8)
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(segment.count)
    for byte in segment {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
        bytes.append(byte)
      case UInt8(ascii: ".") where !isStep:
        bytes.append(byte)
      default:
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
