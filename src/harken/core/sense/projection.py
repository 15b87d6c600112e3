"""Where participants stand: principal components of votes that were never made into a dense matrix.

**The matrix.** Missing votes are taken for their statement's mean μ_j, and columns are centred (published as the
sparsity-aware projection of Polis: Small, Bjorkegren, Erkkilä, Shaw, Megill 2021, Recerca 26(2),
doi:10.6035/recerca.5516). After both steps a missing cell is μ_j − μ_j = 0, so the matrix *is* the sparse matrix
of v_ij − μ_j over the cells that were seen.

**Components.** The eigenvectors c₁, c₂ of XᵀX with the largest eigenvalues, by block Lanczos with full
reorthogonalisation: an orthonormal basis of the Krylov space span{Q, GQ, G²Q, …}, G = XᵀX, and the
Rayleigh–Ritz approximations in it (Golub, Underwood 1977; Saad 2011, Numerical Methods for Large
Eigenvalue Problems, chapter 6). It ends when the residual ‖Gc − λc‖ is at most `TOLERANCE` λ₁ for the two that are
shown, and small for the third, which only says how sure the second is. An eigenvector's sign is free: the loading
largest in size is made positive.

**Position.** p_i = √(S / max(1, n_i)) · Σ_{j seen} (v_ij − μ_j) c_j: whoever has seen few statements is not pulled
to the centre by the ones imputed. S is the number of statements, n_i of votes of participant i; both count what was
really seen. (Polis counts statements moderated out as cast by everybody; see `opinion_map`, `compat="polis"`.)
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from harken.core.sense.blocks import Blocks, apply_gram, merge

__all__ = ["Components", "find_components", "position_statements", "scale_positions"]

Vectors = NDArray[np.float64]

TOLERANCE: Final = 1e-8
LIVE_TOLERANCE: Final = 1e-4
_THIRD: Final = 0.02  # of the second eigenvalue: enough to tell whether they differ by a tenth
_WIDTH: Final = 4  # vectors multiplied at a time: the three wanted and one to spare, for eigenvalues close together
_DIRECT: Final = 64  # up to so many statements the whole Gram matrix is as quick
_LARGEST_BASIS: Final = 240
_RESTARTS: Final = 12
# Where the second and third eigenvalue differ by less, the second axis of the map is half chance.
CLOSE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Components:
    """The leading principal components.

    Attributes:
        loadings: (S, 2) unit vectors; zero where the votes do not vary in so many directions.
        eigenvalues: (3,) of XᵀX, descending (the third within 2 % of the second); over P − 1 they are variances.
        total: the sum of all eigenvalues (the trace of XᵀX), so that eigenvalue / total is the share explained.
        residual: largest ‖Gc − λc‖ / λ₁ among the two components.
        basis: (S, ≤ 4) approximate eigenvectors, from where a later search begins.
    """

    loadings: Vectors
    eigenvalues: Vectors
    total: float
    residual: float
    basis: Vectors

    @property
    def second_is_uncertain(self) -> bool:
        """Whether the second and third eigenvalue are so close that a few more votes may turn the second axis."""
        second, third = float(self.eigenvalues[1]), float(self.eigenvalues[2])
        return second > 0 and second - third < CLOSE * second


def _orthonormal(new: Vectors, basis: Vectors | None) -> Vectors:
    """Return an orthonormal basis of the part of `new` outside `basis`; directions that vanish are dropped."""
    size = np.linalg.norm(new, axis=0)
    new = new[:, size > 0] / size[size > 0]
    for _ in range(2):  # once more, for what rounding left (Giraud, Langou, Rozložník 2005)
        if basis is not None and new.shape[1]:
            new = new - basis @ (basis.T @ new)
    if not new.shape[1]:
        return new
    left, strength, _right = np.linalg.svd(new, full_matrices=False)
    return left[:, strength > 1e-10]


def _fix_signs(vectors: Vectors) -> Vectors:
    largest = np.argmax(np.abs(vectors), axis=0)
    signs = np.sign(vectors[largest, np.arange(vectors.shape[1])])
    return vectors * np.where(signs == 0, 1.0, signs)


def _ritz(basis: Vectors, image: Vectors, inner: Vectors) -> tuple[Vectors, Vectors, Vectors]:
    """Return eigenvalues (descending), eigenvectors and residual norms of the approximation in `basis`.

    `image` is G·basis and `inner` basisᵀ·G·basis.
    """
    values, inside = np.linalg.eigh((inner + inner.T) / 2)
    values, inside = values[::-1], inside[:, ::-1]
    leading = inside[:, :_WIDTH]
    vectors = basis @ leading
    residuals = np.linalg.norm(image @ leading - vectors * values[:_WIDTH], axis=0)
    return np.maximum(values, 0.0), vectors, residuals


def _grow(inner: Vectors, added: Vectors) -> Vectors:
    """Return basisᵀ·G·basis with the columns `added`, (m, b), that new basis vectors bring; it is symmetric."""
    size = inner.shape[0]
    return np.hstack([np.vstack([inner, added[:size].T]), added])


def _small_enough(residuals: Vectors, values: Vectors, tolerance: float) -> bool:
    shown, third = residuals[:2], residuals[2:3]
    allowed = max(tolerance * float(values[0]), _THIRD * float(values[min(1, values.size - 1)]))
    return bool(shown.max() <= tolerance * float(values[0]) and third.max(initial=0.0) <= allowed)


def find_components(
    blocks: Blocks,
    statements: int,
    total: float,
    *,
    seed: int,
    start: Vectors | None = None,
    tolerance: float = TOLERANCE,
) -> Components:
    """Return the leading components of the centred matrix that `blocks` hold.

    Args:
        blocks: centred blocks (`harken.core.sense.blocks.centre`).
        statements: S, how many statements count.
        total: the sum of squares of the matrix.
        seed: of the random directions from which the search begins.
        start: (S, b) vectors to begin from instead; the `basis` of an earlier map is near.
        tolerance: how small residuals have to be, relative to the largest eigenvalue.
    """
    if not statements or total <= 0:
        return Components(np.zeros((statements, 2)), np.zeros(3), 0.0, 0.0, np.zeros((statements, 0)))
    if statements <= _DIRECT:
        start = np.eye(statements)
    elif start is None:
        start = np.random.default_rng(seed).standard_normal((statements, _WIDTH))
    values, vectors, residuals, done = np.zeros(0), np.zeros((statements, 0)), np.full(1, np.inf), False
    for _ in range(_RESTARTS):
        basis = latest = _orthonormal(start, None)
        image, inner = np.zeros((statements, 0)), np.zeros((0, 0))
        while latest.shape[1]:
            product = merge(blocks.run(apply_gram, latest))
            image = np.hstack([image, product])
            inner = _grow(inner, basis.T @ product)
            values, vectors, residuals = _ritz(basis, image, inner)
            done = _small_enough(residuals, values, tolerance)
            if done or basis.shape[1] >= _LARGEST_BASIS:
                break
            latest = _orthonormal(product, basis)
            basis = np.hstack([basis, latest])
        if done or not latest.shape[1]:
            break
        start = vectors
    return _as_components(values, vectors, residuals, total, statements)


def _as_components(values: Vectors, vectors: Vectors, residuals: Vectors, total: float, statements: int) -> Components:
    vectors = _fix_signs(vectors)
    eigenvalues, loadings = np.zeros(3), np.zeros((statements, 2))
    found = min(3, values.size)
    eigenvalues[:found] = values[:found]
    # A direction in which nothing varies is rounding, and would be a different one each time.
    eigenvalues[eigenvalues < 1e-12 * total] = 0.0
    for axis in range(min(2, vectors.shape[1])):
        if eigenvalues[axis] > 0:
            loadings[:, axis] = vectors[:, axis]
    top = float(values[0]) if values.size and values[0] > 0 else 1.0
    return Components(loadings, eigenvalues, total, float(residuals[:2].max()) / top, vectors)


def scale_positions(raw: Vectors, seen: NDArray[np.int64], statements: int) -> Vectors:
    """Return (P, 2) positions: `raw` sums over votes seen, times √(S / max(1, n_i)).

    Args:
        raw: (P, 2) Σ_{j seen} (v_ij − μ_j) c_j.
        seen: (P,) n_i.
        statements: S.
    """
    return raw * np.sqrt(statements / np.maximum(1, seen))[:, None]


def position_statements(loadings: Vectors, means: Vectors, statements: int) -> Vectors:
    """Return (S, 2) where somebody would stand who has only agreed with that statement: √S · (1 − μ_j) · c_j.

    Args:
        loadings: (S, 2) components.
        means: (S,) mean vote, agree = +1.
        statements: S of the scale.
    """
    return np.asarray(np.sqrt(statements) * (1.0 - means)[:, None] * loadings)
