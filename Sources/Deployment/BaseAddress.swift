internal import Transport

/// The address of a server, checked, without slashes at its end.
struct BaseAddress {
  let text: String
  /// The address without its path, as errors name it.
  let origin: String

  init(_ address: String, for operation: DeploymentError.Operation = .connect) throws(DeploymentError) {
    do {
      origin = try URLParts(address).origin
    } catch {
      throw DeploymentError(operation, .transport(error))
    }
    text = URLParts.withoutEndingSlashes(address)
  }
}
