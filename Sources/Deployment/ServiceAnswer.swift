internal import Domain
internal import OpenInference
internal import Transport

/// One exchange with the service that went well, for whoever reads its body.
struct ServiceAnswer {
  var operation: DeploymentError.Operation
  var exchange: DeploymentError.Exchange
  var response: HTTPResponse

  /// Reads the body, naming the exchange where it cannot be read.
  func read<Value>(
    _ body: ([UInt8]) throws(OpenInferenceError) -> Value
  ) throws(DeploymentError) -> Value {
    do {
      return try body(response.body)
    } catch {
      throw failure(.unreadable(error))
    }
  }

  func inference(limits: ScanLimits) throws(DeploymentError) -> InferenceResponse {
    let field = response.headers[EncodedMessage.headerLengthField]
    return try read { (body) throws(OpenInferenceError) in
      var length: Int?
      if let field { length = try EncodedMessage.headerLength(field) }
      return try InferenceResponse(decoding: body, headerLength: length, limits: limits)
    }
  }

  /// An error about this answer, with the beginning of what came.
  func failure(_ reason: DeploymentError.Reason) -> DeploymentError {
    var exchange = exchange
    exchange.body = RawText(bytes: response.body.prefix(ErrorBody.longestMessage))
    return DeploymentError(operation, reason, exchange: exchange)
  }

  /// Which model, version and pipeline of Seldon Core 2 answered, as its headers chain them; empty elsewhere.
  var route: String { response.headers.all("x-seldon-route").joined(separator: " ") }

  var milliseconds: Double { exchange.milliseconds ?? 0 }
}

extension Duration {
  /// The duration in milliseconds.
  var milliseconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) * 1e3 + Double(attoseconds) / 1e15
  }
}
