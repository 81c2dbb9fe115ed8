"""Trains stage B of depth liveness on simulated reliefs and writes models/source/lite/depth.onnx.

    python depth.py --pictures FILE --output depth.onnx [--checkpoint FILE]
    python depth.py --pictures FILE --without SPECIES[,SPECIES] | --with SPECIES[,SPECIES]

FILE is what `depth dump` of the simulator wrote. With a checkpoint, a run that was stopped goes on where it was, and
ends with the same weights. `--without` leaves species out and `--with` takes held-out ones in; both only report what
becomes of them.
"""

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import export

SEED = 30
EPOCHS = 14
BATCH = 64
RATE = 6e-3
SIDE = 64
LIVE = ("live", "child")

# Never trained on unless `--with` says so: what is said of them is said of the unknown.
HELD_OUT = ("fabric", "rigid-mask")

# One picture in so many is never trained on, and judged at the end.
KEPT_BACK = 6

# Stage A is there for sheets and screens; the network learns them beside, so that it does not unlearn what it never meets.
SHARE_OF_MASKS = 0.8
MASKS = ("cut-eyes", "cut-eyes-nose", "fabric", "rigid-mask")


def conv(into: int, out: int, stride: int, groups: int = 1, size: int = 3) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(into, out, size, stride, size // 2, groups=groups, bias=False), nn.BatchNorm2d(out), nn.ReLU6()
    )


def separable(into: int, out: int, stride: int) -> nn.Sequential:
    return nn.Sequential(conv(into, into, stride, groups=into), conv(into, out, 1, size=1))


class Network(nn.Module):
    """64 by 64 cells of height over the plane, height over the quadric, and what was measured; one logit of a living face."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            conv(3, 8, 2),
            separable(8, 16, 1),
            separable(16, 24, 2),
            separable(24, 48, 2),
            separable(48, 48, 1),
            separable(48, 64, 2),
        )
        self.head = nn.Linear(64, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.features(x)
        x = F.adaptive_avg_pool2d(x, 1).flatten(1)
        return self.head(x)


class Pictures:
    """What `depth dump` wrote."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        end = data.index(b"\n")
        word, side, *self.names = data[:end].decode().split()
        if (word, side) != ("vultus-depth-1", str(SIDE)):
            raise SystemExit(f"{path}: not a file of reliefs of {SIDE} cells")
        records = np.frombuffer(data, np.uint8, offset=end + 1).reshape(-1, 3 + 3 * SIDE * SIDE)
        self.species = torch.from_numpy(records[:, 0].astype(np.int64))
        self.sensor = torch.from_numpy(records[:, 1].astype(np.int64))
        self.accepted = torch.from_numpy(records[:, 2] & 1 != 0)
        self.planes = torch.from_numpy(records[:, 3:].reshape(-1, 3, SIDE, SIDE).copy())

    def of(self, names: tuple[str, ...]) -> torch.Tensor:
        return torch.tensor([name in names for name in self.names])[self.species]


def scaled(planes: torch.Tensor) -> torch.Tensor:
    return (planes.float() - 127.5) / 127.5


def augment(planes: torch.Tensor, chance: torch.Generator) -> torch.Tensor:
    """Mirrored faces, wrong landmarks, other noise, other holes: what sensors do that the simulator does not."""
    count = len(planes)

    def uniform(low: float, high: float, *shape: int) -> torch.Tensor:
        return low + (high - low) * torch.rand(count, *(shape or (1, 1, 1)), generator=chance)

    planes = planes.float()
    planes = torch.where(uniform(0.0, 1.0) < 0.5, planes.flip(3), planes)
    heights, measured = planes[:, :2] - 128.0, planes[:, 2:] / 255.0
    # Moved by whole cells, so that what was measured stays what was measured.
    across, down = (torch.randint(-2, 3, (2,), generator=chance)).tolist()
    heights, measured = (torch.roll(part, (down, across), (2, 3)) for part in (heights, measured))
    # Heights of other scales, as of sensors whose calibration is a little off, and noise of several cells.
    heights = heights * uniform(0.92, 1.08)
    small = torch.randn(count, 1, SIDE, SIDE, generator=chance)
    wide = F.interpolate(torch.randn(count, 1, SIDE // 4, SIDE // 4, generator=chance), size=(SIDE, SIDE), mode="bilinear")
    # Both planes show the same error, each in its own steps.
    error = (small + wide) * uniform(0.0, 0.5)
    heights = heights + error * torch.tensor([2.0, 8.0]).reshape(1, 2, 1, 1)
    # A few round holes anywhere: lenses, wet eyes, shine.
    rows = torch.arange(SIDE).float().reshape(1, SIDE, 1)
    columns = torch.arange(SIDE).float().reshape(1, 1, SIDE)
    for _ in range(3):
        x, y, radius = uniform(12, 52, 1, 1), uniform(8, 56, 1, 1), uniform(-5.0, 5.0, 1, 1)
        hole = (columns - x) ** 2 + (rows - y) ** 2 < radius * radius.abs()
        measured = measured * (~hole).unsqueeze(1)
    heights = torch.where(measured > 0.5, heights, torch.zeros(()))
    return scaled(torch.cat([(heights + 128.0).clamp(0, 255), measured * 255.0], 1))


def weights(pictures: Pictures, rows: torch.Tensor, live: torch.Tensor) -> torch.Tensor:
    """Living faces and artefacts count the same, and so does each species of a kind; masks count more than sheets."""
    species = pictures.species[rows]
    each = 1.0 / torch.bincount(species).clamp(min=1).float()[species]
    masks = pictures.of(MASKS)[rows]
    for kind, share in ((live, 0.5), (masks, 0.5 * SHARE_OF_MASKS), (~live & ~masks, 0.5 * (1 - SHARE_OF_MASKS))):
        each[kind] *= share / each[kind].sum()
    # Adults are who is judged; children come second.
    children = pictures.of(("child",))[rows]
    each[children] *= 0.5
    return each / each.mean()


def multiply_adds(network: nn.Module) -> int:
    """Of one picture."""
    total = 0

    def count(layer: nn.Module, _: object, out: torch.Tensor) -> None:
        nonlocal total
        total += layer.weight.numel() * (out.shape[-1] * out.shape[-2] if out.dim() == 4 else 1)

    hooks = [m.register_forward_hook(count) for m in network.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    network.eval()(torch.zeros(1, 3, SIDE, SIDE))
    for hook in hooks:
        hook.remove()
    return total


def train(args: argparse.Namespace) -> None:
    torch.manual_seed(SEED)
    torch.set_num_threads(args.threads)
    pictures = Pictures(args.pictures)
    without, taken = (tuple(filter(None, names.split(","))) for names in (args.without, args.take))
    for name in without + taken:
        if name not in pictures.names:
            raise SystemExit(f"{name} is none of {', '.join(pictures.names)}")
    if (without or taken) and args.output:
        raise SystemExit("--without and --with only report: what is shipped is trained on the usual species")
    unseen = tuple(name for name in HELD_OUT if name not in taken) + without
    live = pictures.of(LIVE)
    kept_back = torch.arange(len(live)) % KEPT_BACK == 0
    rows = torch.nonzero(~kept_back & ~pictures.of(unseen)).flatten()
    share = weights(pictures, rows, live[rows])
    network = Network()
    print(f"{len(rows)} reliefs without {', '.join(unseen)}; {sum(p.numel() for p in network.parameters())} weights, "
          f"{multiply_adds(network) / 1e6:.2f} million multiply-adds")
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=2e-3)
    steps = args.epochs * math.ceil(len(rows) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps)
    parts = {"network": network, "optimiser": optimiser, "schedule": schedule}
    first = 0
    if args.checkpoint and args.checkpoint.exists():
        state = torch.load(args.checkpoint, weights_only=True)
        first = state["epoch"]
        for name, part in parts.items():
            part.load_state_dict(state[name])
    for epoch in range(first, args.epochs):
        # Chance is of the epoch, so that a run that goes on is the one that was stopped.
        chance = torch.Generator().manual_seed(SEED * 1000 + epoch)
        began, sum_loss = time.monotonic(), 0.0
        network.train()
        order = torch.randperm(len(rows), generator=chance)
        for batch in order.split(BATCH):
            logits = network(augment(pictures.planes[rows[batch]], chance)).flatten()
            wanted = live[rows[batch]].float() * 0.96 + 0.02
            loss = F.binary_cross_entropy_with_logits(logits, wanted, share[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            sum_loss += loss.item() * len(batch)
        print(f"epoch {epoch + 1}: loss {sum_loss / len(rows):.4f}, {time.monotonic() - began:.0f} s", flush=True)
        if args.checkpoint:
            torch.save({"epoch": epoch + 1} | {name: part.state_dict() for name, part in parts.items()}, args.checkpoint)
    report(network.eval(), pictures, live, kept_back | pictures.of(unseen), unseen)
    if args.output:
        export.write(network, args.output, inputs=3, side=SIDE)


@torch.no_grad()
def report(
    network: nn.Module, pictures: Pictures, live: torch.Tensor, rows: torch.Tensor, unseen: tuple[str, ...]
) -> None:
    """Shares accepted by both stages over pictures that were not trained on, sensors of classes A and B. Stage B accepts from
    half way, in logits, between the least of the adults that stage A accepts and the best of the artefacts of species that it
    was trained on, 0.5 % of either left aside."""
    logits = torch.cat([network(scaled(part)).flatten() for part in pictures.planes.split(256)])
    rows = rows & (pictures.sensor < 2)
    adults = rows & pictures.of(("live",)) & pictures.accepted
    seen = rows & ~live & ~pictures.of(unseen)
    least, best = logits[adults].quantile(0.005), logits[seen].quantile(0.995)
    threshold = (least + best) / 2
    print(f"threshold {threshold.sigmoid():.3f} between {least:.2f} of {int(adults.sum())} adults and {best:.2f} of {int(seen.sum())} artefacts")
    for number, name in enumerate(pictures.names):
        chosen = rows & (pictures.species == number)
        first = chosen & pictures.accepted
        both = first & (logits >= threshold)
        count = max(int(chosen.sum()), 1)
        print(f"  {name}: of {count} stage A accepts {int(first.sum())} ({int(first.sum()) / count:.1%}), "
              f"both {int(both.sum())} ({int(both.sum()) / count:.1%})")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--without", metavar="SPECIES", default="")
    parser.add_argument("--with", metavar="SPECIES", default="", dest="take")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--threads", type=int, default=1)
    train(parser.parse_args())
