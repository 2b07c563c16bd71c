public import Domain
internal import OpenInference
internal import Transport

/// An answer that comes in pieces, read while it comes; each iterator asks the service anew.
///
/// Letting go of the iterator, or cancelling the task that waits for it, ends the request at once. When the answer
/// breaks off, the pieces that came were given, and the error says after how many of them.
public struct AnswerStream: AsyncSequence, Sendable {
  let service: InferenceService
  let model: ModelID
  let request: InferenceRequest
  let signature: Signature
  let call: InferenceCall

  public func makeAsyncIterator() -> Iterator { Iterator(self) }

  public struct Iterator: AsyncIteratorProtocol {
    private let stream: AnswerStream
    private let began = ContinuousClock.now
    private var source = Source.unopened
    private var waiting: ArraySlice<ServerSentEvents.Event> = []
    private var pieces = 0

    private enum Source {
      case unopened
      case events(AnswerEvents)
      case ended
    }

    init(_ stream: AnswerStream) { self.stream = stream }

    public mutating func next() async throws(DeploymentError) -> AnswerPiece? {
      if case .unopened = source {
        switch try await stream.open() {
        case .whole(let answer):
          source = .ended
          return piece(try stream.read(answer, decoded), route: RawText(answer.route))
        case .events(let events): source = .events(events)
        }
      }
      guard case .events(var events) = source else { return nil }
      do throws(DeploymentError.Interruption) {
        while waiting.isEmpty {
          guard let more = try await events.next() else {
            source = .ended
            return nil
          }
          waiting = more[...]
        }
        source = .events(events)
        return piece(try decoded(waiting.removeFirst()), route: events.route)
      } catch {
        source = .ended
        waiting = []
        throw stream.error(error, after: pieces, in: events.exchange)
      }
    }

    private mutating func piece(_ response: InferenceResponse, route: RawText) -> AnswerPiece {
      pieces += 1
      return AnswerPiece(
        response, answering: stream.model, signature: stream.signature,
        milliseconds: (ContinuousClock.now - began).milliseconds, route: route)
    }

    private func decoded(_ body: [UInt8]) throws(OpenInferenceError) -> InferenceResponse {
      try InferenceResponse(
        decodingPiece: body, plainOutputs: stream.signature.outputs, limits: stream.service.options.limits)
    }

    private func decoded(
      _ event: ServerSentEvents.Event
    ) throws(DeploymentError.Interruption) -> InferenceResponse {
      if event.type == "error" { throw .failed(ErrorBody(decoding: event.data).message) }
      do {
        return try decoded(event.data)
      } catch {
        if case .failed(let words) = error.reason { throw .failed(words) }
        throw .unreadable(error)
      }
    }
  }
}

extension InferenceService {
  /// Asks a model about one record, for an answer in pieces: `generate_stream` of Triton, else `infer_stream`, else
  /// the whole answer as the only piece. Nothing is sent before the first piece is asked for.
  ///
  /// Inputs that the record leaves out are the service's to judge: few signatures say that one is optional.
  public func stream(
    _ model: ModelID, record: Record, parameters: [JSON.Member] = [], signature: Signature, call: InferenceCall
  ) throws(DeploymentError) -> AnswerStream {
    var request = try request(
      .stream(model), [record], signature: signature, acceptsCategories: true, acceptsMissing: true)
    request.id = RawText(call.requestID)
    request.parameters += parameters
    return AnswerStream(service: self, model: model, request: request, signature: signature, call: call)
  }

  /// What speaks there: what is known already, else what the service says of itself.
  func knownKind() async throws(DeploymentError) -> ServiceKind {
    guard kind == .openInference else { return kind }
    do {
      return try await knownMetadata().isTriton ? .triton : .openInference
    } catch {
      if error.isCancellation { throw error }
      return .openInference
    }
  }
}
