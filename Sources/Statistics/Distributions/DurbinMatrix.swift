internal import Glibc

/// Durbin's square matrix H, whose power holds the exact law of the Kolmogorov–Smirnov distance
/// (Marsaglia, Tsang & Wang, "Evaluating Kolmogorov's distribution", J. Stat. Softw. 8(18), 2003).
struct DurbinMatrix {
  private let order: Int
  private var cells: [Double]

  /// `order` is 2k − 1 and `remainder` h = k − n·x in [0, 1).
  init(order: Int, remainder h: Double) {
    self.order = order
    cells = Array(repeating: 0, count: order * order)
    for row in 0..<order {
      for column in 0..<order where row - column + 1 >= 0 {
        cells[row * order + column] = 1
      }
    }
    var power = 1.0
    for index in 0..<order {
      power *= h
      cells[index * order] -= power
      cells[(order - 1) * order + order - 1 - index] -= power
    }
    if 2 * h > 1 { cells[(order - 1) * order] += pow(2 * h - 1, Double(order)) }
    for row in 0..<order {
      for column in 0..<order where row - column + 1 > 0 {
        for divisor in 1...(row - column + 1) { cells[row * order + column] /= Double(divisor) }
      }
    }
  }

  /// (n!/nⁿ)·(Hⁿ)_{dd}; the factor is spread over the multiplications so that neither end leaves the range of Double.
  func scaledPower(_ exponent: Int, diagonal: Int) -> Double {
    var row = Array(repeating: 0.0, count: order)
    row[diagonal] = 1
    var square = cells
    var squareScale = 0
    var scale = 0
    var left = exponent
    while left > 0 {
      if left & 1 == 1 {
        row = product(row, square)
        scale += squareScale
        rescale(&row, at: diagonal, &scale)
      }
      left >>= 1
      if left == 0 { break }
      square = squared(square)
      squareScale *= 2
      rescale(&square, at: diagonal * order + diagonal, &squareScale)
    }
    var result = row[diagonal]
    let n = Double(exponent)
    for index in 1...exponent {
      result *= Double(index) / n
      if result < 1e-140 {
        result *= 1e140
        scale -= 1
      }
    }
    while scale > 0, result.isFinite {
      result *= 1e140
      scale -= 1
    }
    while scale < 0, result > 0 {
      result *= 1e-140
      scale += 1
    }
    return result
  }

  /// Takes 10¹⁴⁰ out of every cell once the watched one has outgrown it.
  private func rescale(_ values: inout [Double], at index: Int, _ scale: inout Int) {
    guard values[index] > 1e140 else { return }
    for position in values.indices { values[position] *= 1e-140 }
    scale += 1
  }

  private func product(_ vector: [Double], _ matrix: [Double]) -> [Double] {
    var result = Array(repeating: 0.0, count: order)
    for row in 0..<order where vector[row] != 0 {
      for column in 0..<order { result[column] += vector[row] * matrix[row * order + column] }
    }
    return result
  }

  private func squared(_ matrix: [Double]) -> [Double] {
    var result = Array(repeating: 0.0, count: order * order)
    for row in 0..<order {
      for inner in 0..<order {
        let factor = matrix[row * order + inner]
        if factor == 0 { continue }
        for column in 0..<order { result[row * order + column] += factor * matrix[inner * order + column] }
      }
    }
    return result
  }
}
