internal import Domain
internal import Hummingbird

/// What the service answers to, by path.
enum Endpoint: Hashable, Sendable {
  case server
  case live
  case ready
  case model(ModelID)
  case modelReady(ModelID)
  case infer(ModelID)
  case index
  case load(RawText)
  case unload(RawText)
  case metrics

  /// Reads a path without its query; nil where nothing is served.
  init?(path: String) {
    guard path.hasPrefix("/") else { return nil }
    var segments: [String] = []
    for segment in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      // A slash inside a name cannot be addressed, as in MLServer.
      guard let text = Endpoint.decoded(segment), !text.isEmpty, !text.contains("/") else { return nil }
      segments.append(text)
    }
    switch segments {
    case ["v2"]: self = .server
    case ["metrics"]: self = .metrics
    case ["v2", "health", "live"]: self = .live
    case ["v2", "health", "ready"]: self = .ready
    case ["v2", "repository", "index"]: self = .index
    default:
      guard segments.count >= 3, segments[0] == "v2" else { return nil }
      if segments.count == 5, segments[1] == "repository", segments[2] == "models" {
        switch segments[4] {
        case "load": self = .load(RawText(segments[3]))
        case "unload": self = .unload(RawText(segments[3]))
        default: return nil
        }
        return
      }
      guard segments[1] == "models" else { return nil }
      var id = ModelID(RawText(segments[2]))
      var rest = segments[3...]
      if rest.count >= 2, rest.first == "versions" {
        id.version = RawText(segments[4])
        rest = rest.dropFirst(2)
      }
      switch Array(rest) {
      case []: self = .model(id)
      case ["ready"]: self = .modelReady(id)
      case ["infer"]: self = .infer(id)
      default: return nil
      }
    }
  }

  /// A path segment with its %-escapes resolved; nil where one is broken.
  private static func decoded(_ segment: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = segment.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(Substring(rest.prefix(2))), radix: 16) else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// The one method that it answers to.
  var method: HTTPRequest.Method {
    switch self {
    case .server, .live, .ready, .model, .modelReady, .metrics: .get
    case .infer, .index, .load, .unload: .post
    }
  }

  /// The path with names left open, as metrics label it.
  var template: String {
    func path(_ id: ModelID, _ tail: String) -> String {
      "/v2/models/{model_name}" + (id.version == nil ? "" : "/versions/{model_version}") + tail
    }
    return switch self {
    case .server: "/v2"
    case .live: "/v2/health/live"
    case .ready: "/v2/health/ready"
    case .model(let id): path(id, "")
    case .modelReady(let id): path(id, "/ready")
    case .infer(let id): path(id, "/infer")
    case .index: "/v2/repository/index"
    case .load: "/v2/repository/models/{model_name}/load"
    case .unload: "/v2/repository/models/{model_name}/unload"
    case .metrics: "/metrics"
    }
  }
}
