internal import Domain
internal import Feedback
internal import Hummingbird
internal import SyncProtocol

/// The routes that a syncing client uses.
extension Collector {
  func addStreams(to router: some RouterMethods<CallContext>) {
    router.post("/v1/streams") { request, context in
      let token = try context.token(for: .write)
      let opening: StreamOpening = try await message(in: request)
      let (owner, isNew) = try await streams.open(opening, by: token)
      try permit(owner, token)
      return Response(try await streams.head(of: opening.stream, token), status: isNew ? .created : .ok)
    }
    router.get("/v1/streams/:id/head") { request, context in
      let token = try context.token(for: .write)
      let stream = try await stream(in: context, token)
      return Response(try await streams.head(of: stream, token))
    }
    router.get("/v1/streams/:id/hashes") { request, context in
      let token = try context.token(for: .write)
      let stream = try await stream(in: context, token)
      let words = request.uri.queryParameters["at"]?.split(separator: ",", omittingEmptySubsequences: false) ?? []
      let places = words.compactMap { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int($0) : nil }
      guard words.count <= StreamHashes.limit, places.count == words.count else {
        throw Refused(
          WireError("at is a list of up to \(StreamHashes.limit) places with commas between"))
      }
      return Response(try await streams.hashes(of: stream, at: places, token))
    }
    router.post("/v1/streams/:id/events") { request, context in
      let token = try context.token(for: .write)
      let stream = try await stream(in: context, token)
      let batch: EventBatch = try await message(in: request)
      return try await receive(batch, on: stream, from: token)
    }
  }

  private func receive(_ batch: EventBatch, on stream: StreamID, from token: TokenRecord) async throws -> Response {
    guard batch.stream == stream else { throw Refused(WireError("the batch is for another stream than its address")) }
    guard batch.events.count <= limits.events else {
      throw Refused(
        .contentTooLarge,
        Refusal(
          "too-many", detail: RawText("a batch has at most \(limits.events) events"), maximumEvents: limits.events))
    }
    if let seq = CollectorRules.oversized(in: batch, limits: limits) {
      throw Refused(
        .contentTooLarge,
        Refusal("too-large", detail: RawText("an event has at most \(limits.eventBytes) bytes"), seq: seq))
    }
    switch try await intake.take(await .halves(of: batch), from: token) {
    case .answer(let answer): return Response(answer)
    case .lineage(let lineage): return Response(lineage, status: .conflict)
    }
  }

  private func stream(in context: CallContext, _ token: TokenRecord) async throws -> StreamID {
    guard let stream = StreamID(hex: try context.parameters.require("id")) else {
      throw Refused(WireError("a stream is 32 hexadecimal digits"))
    }
    guard let owner = try await streams.owner(of: stream) else {
      throw Refused(.notFound, Refusal(Refusal.unknownStream, detail: "this stream was never opened here"))
    }
    try permit(owner, token)
    return stream
  }

  private func permit(_ owner: String, _ token: TokenRecord) throws {
    guard Array(owner.utf8) == Array(token.analyst.utf8) else {
      throw Refused(.forbidden, Refusal(Refusal.foreignStream, detail: "this stream is another analyst's"))
    }
  }
}
