internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import SyncProtocol

/// Knows whose request it is by its bearer token, and keeps every caller to its rate: a token's bearer wherever the
/// request comes from, everybody else by the address.
struct Admission: RouterMiddleware {
  typealias Context = CallContext

  let tokens: TokenBook
  let limit: RateLimit?
  /// Whether the address that counts is the one that a proxy before us has seen.
  let isBehindProxy: Bool
  let telemetry: Telemetry
  let tally: AuditTally

  func handle(
    _ request: Request, context: CallContext, next: @concurrent (Request, CallContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    if let header = request.headers[.authorization] {
      if let secret = Admission.secret(in: header) { context.caller = try await tokens.find(secret.utf8) }
      if context.caller == nil {
        telemetry.countUnknownToken()
        tally.refused()
      }
    }
    let caller = context.caller.map { RateLimit.Caller.token($0.id) } ?? .address(address(of: request, context))
    if let wait = limit?.take(caller) {
      telemetry.countLimited(byToken: context.caller != nil)
      let milliseconds = Int((wait / .milliseconds(1)).rounded(.up))
      throw Refused(
        .tooManyRequests,
        Refusal("rate", detail: "more requests than this collector takes of one caller", retryAfter: milliseconds))
    }
    await remember(context.caller)
    return try await next(request, context)
  }

  /// Writes down what was counted, where that is due. A request does not fail for it.
  private func remember(_ caller: TokenRecord?) async {
    if let counts = tally.take() { try? await tokens.database.write { db in try counts.write(db) } }
    guard let caller, tally.used(caller) else { return }
    try? await tokens.database.write { db in try TokenBook.markUse(of: caller.id, at: .now, db) }
  }

  private static func secret(in header: String) -> Substring? {
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return parts[1]
  }

  private func address(of request: Request, _ context: CallContext) -> String {
    // Only the last is the proxy's own word; those before it are whatever the client wrote.
    if isBehindProxy, let name = HTTPField.Name("x-forwarded-for"),
      let seen = request.headers[values: name].last?.split(separator: ",").last
    {
      return Door.household(Admission.withoutPort(String(seen.drop { $0 == " " }.prefix(64))))
    }
    return context.remoteAddress.map(Door.name) ?? "unknown"
  }

  /// Proxies write `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
  private static func withoutPort(_ text: String) -> String {
    if text.hasPrefix("[") { return String(text.dropFirst().prefix { $0 != "]" }) }
    return text.count { $0 == ":" } == 1 ? String(text.prefix { $0 != ":" }) : text
  }
}
