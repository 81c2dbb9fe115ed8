"""What cameras, rooms and registrations add to a picture that the simulator does not."""

import torch
from torch.nn import functional as F


def shown(planes: torch.Tensor, pair: bool | torch.Tensor) -> torch.Tensor:
    """From bytes of lamp, luminance, room and lit alone to the network's input, about -1 to 1."""
    planes = planes.float()
    lamp, luminance, room, alone = planes.unbind(1)
    pair = torch.as_tensor(pair).reshape(-1, 1, 1)
    picture = torch.stack([torch.where(pair, lamp, alone), luminance, torch.where(pair, room, 0.0)], 1)
    return scaled(picture)


def scaled(picture: torch.Tensor) -> torch.Tensor:
    return (picture - 127.5) / 127.5


def augment(planes: torch.Tensor, live: torch.Tensor, chance: torch.Generator) -> torch.Tensor:
    count = len(planes)

    def uniform(low: float, high: float, *shape: int) -> torch.Tensor:
        shape = shape or (1, 1)
        return low + (high - low) * torch.rand(count, *shape, generator=chance)

    def often(share: float) -> torch.Tensor:
        return uniform(0.0, 1.0) < share

    planes = planes.float()
    planes = torch.where(often(0.5).unsqueeze(1), planes.flip(3), planes)
    planes = moved(planes, uniform)
    lamp, luminance, room, alone = planes.unbind(1)
    pair = often(0.65)
    lamp = torch.where(pair, lamp, alone)
    room = torch.where(pair, room, torch.zeros(()))
    # Lamps light unevenly, and not all of them are where the simulator has them.
    side = lamp.shape[-1]
    across = torch.linspace(-1.0, 1.0, side)
    fall = 1 + uniform(-0.12, 0.12) * across + uniform(-0.12, 0.12) * across.unsqueeze(1)
    lamp = lamp * fall * uniform(0.85, 1.15)
    room = room * uniform(0.8, 1.2)
    # Tone curves of colour cameras; and now and then a picture that tells nothing.
    luminance = 255 * (luminance / 255).clamp(1e-3, 1) ** uniform(0.6, 1.6)
    luminance = (luminance - 127.5) * uniform(0.7, 1.3) + 127.5 + uniform(-25.0, 25.0)
    luminance = torch.where(often(0.1), luminance.mean((1, 2), keepdim=True), luminance)
    picture = torch.stack([lamp, luminance, room], 1)
    # Cut along the outline of the head, as an attacker cuts a print, and as hair, hoods and walls cut a face.
    down = torch.linspace(-1.0, 1.0, side).unsqueeze(1)
    oval = (across / uniform(0.72, 0.95)) ** 2 + ((down - 0.15) / uniform(0.85, 1.05)) ** 2 > 1
    ground = uniform(0.0, 160.0, 3, 1, 1)
    hidden = (oval & often(0.35)).unsqueeze(1)
    picture = torch.where(hidden, ground * torch.tensor([1.0, 1.0, 0.4]).reshape(3, 1, 1), picture)
    soft = F.avg_pool2d(F.pad(picture, (1, 1, 1, 1), mode="replicate"), 3, 1)
    # Blurred cameras and sharpened ones.
    picture = picture + (soft - picture) * uniform(-0.5, 1.0, 1, 1, 1)
    noise = torch.randn(picture.shape, generator=chance) * uniform(0.0, 5.0, 3, 1, 1)
    return scaled((picture + noise).clamp(0, 255))


def moved(planes: torch.Tensor, uniform) -> torch.Tensor:
    """The colour frame and the infrared ones each turned, enlarged and shifted a little, as landmarks are wrong."""
    parts = []
    for chosen in ([0, 2, 3], [1]):
        angle, size = uniform(-0.05, 0.05, 1), uniform(0.96, 1.04, 1)
        cos, sin = torch.cos(angle) * size, torch.sin(angle) * size
        shift = uniform(-0.03, 0.03, 2)
        rows = torch.stack([
            torch.cat([cos, -sin, shift[:, :1]], 1),
            torch.cat([sin, cos, shift[:, 1:]], 1),
        ], 1)
        part = planes[:, chosen]
        grid = F.affine_grid(rows, list(part.shape), align_corners=False)
        parts.append(F.grid_sample(part, grid, padding_mode="border", align_corners=False))
    infrared, colour = parts
    return torch.stack([infrared[:, 0], colour[:, 0], infrared[:, 1], infrared[:, 2]], 1)
