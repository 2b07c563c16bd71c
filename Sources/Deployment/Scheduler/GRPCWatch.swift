internal import SwiftProtobuf
internal import Transport

/// The answers of a call that stays open, one by one. Letting go of it ends the call.
struct GRPCWatch<Answer: SwiftProtobuf.Message> {
  private let operation: DeploymentError.Operation
  private let stream: HTTPStream
  private var pieces: HTTPStream.Body.Iterator
  private var frames: GRPCFrames
  private var exchange: DeploymentError.Exchange

  /// Returns when the server has accepted the call.
  init(
    _ channel: GRPCChannel, _ operation: DeploymentError.Operation, _ method: String,
    _ message: some SwiftProtobuf.Message, deadline: Duration
  ) async throws(DeploymentError) {
    var exchange = DeploymentError.Exchange(method: "POST", path: "/" + method)
    do {
      // No grpc-timeout: the call stays open. The deadline is for its acceptance.
      var request = try channel.request(method, message, deadline: nil)
      request.deadline = deadline
      request.bodyLimit = nil
      stream = try await channel.transport.stream(request)
      exchange.note(stream.head, size: 0)
      try GRPCChannel.check(stream.head)
    } catch {
      throw GRPCChannel.failure(operation, error, exchange)
    }
    self.operation = operation
    self.exchange = exchange
    pieces = stream.body.makeAsyncIterator()
    frames = GRPCFrames(limit: channel.limits.message)
  }

  /// The next answer; nil when the server has ended the call well.
  mutating func next() async throws(DeploymentError) -> Answer? {
    do {
      while true {
        if let bytes = try frames.next() { return try GRPCChannel.message(bytes) }
        guard let piece = try await pieces.next() else {
          try GRPCChannel.checkStatus(stream.trailers, stream.head, isCutOff: frames.isCutOff)
          return nil
        }
        frames.append(piece)
      }
    } catch {
      throw GRPCChannel.failure(operation, error, exchange)
    }
  }
}
