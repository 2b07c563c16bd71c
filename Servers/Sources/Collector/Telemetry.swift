internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import SyncProtocol
internal import Synchronization

/// What was asked and how it went, since the start.
final class Telemetry: Sendable {
  /// Requests that are counted together.
  struct Call: Hashable, Comparable, Sendable {
    /// As the router has it: `/v1/streams/:id/head`.
    var route: String
    var method: String
    var status: Int

    static func < (left: Call, right: Call) -> Bool {
      (left.route, left.method, left.status) < (right.route, right.method, right.status)
    }
  }

  /// How long requests took, in seconds.
  struct Durations: Sendable {
    static let limits = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    /// One for each limit, and one for what took longer than all.
    private(set) var counts = [Int](repeating: 0, count: limits.count + 1)
    private(set) var sum = 0.0

    mutating func add(_ seconds: Double) {
      counts[Durations.limits.firstIndex { seconds <= $0 } ?? Durations.limits.count] += 1
      sum += seconds
    }
  }

  struct Figures: Sendable {
    var calls: [Call: Int] = [:]
    var durations: [String: Durations] = [:]
    var underWay = 0
    var limitedByToken = 0
    var limitedByAddress = 0
    var unknownTokens = 0
  }

  private let state = Mutex(Figures())

  var figures: Figures { state.withLock { $0 } }

  func began() { state.withLock { $0.underWay += 1 } }

  func ended(_ call: Call, seconds: Double) {
    state.withLock { figures in
      figures.underWay -= 1
      figures.calls[call, default: 0] += 1
      figures.durations[call.route, default: Durations()].add(seconds)
    }
  }

  func countLimited(byToken: Bool) {
    state.withLock { figures in
      if byToken { figures.limitedByToken += 1 } else { figures.limitedByAddress += 1 }
    }
  }

  func countUnknownToken() { state.withLock { $0.unknownTokens += 1 } }
}

extension StoreError {
  /// What a device may know of it.
  fileprivate var hint: RawText {
    switch kind {
    case .full: "the collector's disk is full"
    case .disk: "the collector's disk failed"
    case .away, .conflict: "the collector's database cannot be reached now"
    case .readOnly: "the collector's database is read-only now"
    case .statement: ""
    }
  }
}

/// Counts answers, puts the collector's identity on each, so that a client can tell it from a login page, and turns what
/// a route did not foresee into an answer that says nothing of the inside.
struct Identification<Context: RequestContext>: RouterMiddleware {
  let collectorID: String
  let telemetry: Telemetry

  func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    let began = ContinuousClock.now
    telemetry.began()
    var response: Response
    do {
      response = try await next(request, context)
    } catch let error as Refused {
      response = error.response(from: request, context: context)
    } catch let error as any HTTPResponseError {
      // What the router itself refuses has the same form as everything else.
      response = Refused(error.status, Refusal("refused", detail: RawText(error.status.reasonPhrase)))
        .response(from: request, context: context)
    } catch let error as StoreError {
      context.logger.error("request failed", metadata: ["error": "\(error)"])
      response = Refused(.serviceUnavailable, Refusal("unavailable", detail: error.hint, retryAfter: 5000))
        .response(from: request, context: context)
    } catch {
      context.logger.error("request failed", metadata: ["error": "\(error)"])
      response = Refused(.serviceUnavailable, Refusal("unavailable", retryAfter: 5000))
        .response(from: request, context: context)
    }
    if let name = HTTPField.Name("mds-collector-id") { response.headers[name] = collectorID }
    // A path that is no route's is not told apart: whoever tries names would make a series of each.
    let route = response.status == .notFound && context.endpointPath == "NotFound" ? "other" : context.endpointPath
    telemetry.ended(
      Telemetry.Call(
        route: route ?? "other", method: Identification.name(request.method), status: response.status.code),
      seconds: (ContinuousClock.now - began) / .seconds(1))
    return response
  }

  private static func name(_ method: HTTPRequest.Method) -> String {
    [.get, .head, .post, .put, .delete].contains(method) ? method.rawValue : "other"
  }
}
