internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import SyncProtocol
internal import Synchronization

/// Counts answers by status, puts the collector's identity on each, so that a client can tell it from a login page,
/// and turns what a route did not foresee into an answer that says nothing of the inside.
final class Telemetry: Sendable {
  private let answers = Mutex<[Int: Int]>([:])

  func count(_ status: Int) { answers.withLock { $0[status, default: 0] += 1 } }

  /// Answers so far, by status.
  var counts: [(status: Int, count: Int)] {
    answers.withLock { $0 }.sorted { $0.key < $1.key }.map { (status: $0.key, count: $0.value) }
  }
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

/// The middleware that feeds `Telemetry`.
struct Identification<Context: RequestContext>: RouterMiddleware {
  let collectorID: String
  let telemetry: Telemetry

  func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
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
    telemetry.count(response.status.code)
    return response
  }
}
