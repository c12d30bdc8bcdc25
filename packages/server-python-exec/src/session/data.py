# Part of the driver: what is in tables, arrays and figures, without importing what makes them.

import base64
import io
import sys

MAX_SHOWN_ROWS = 20
MAX_SHOWN_COLUMNS = 20
MAX_PLAIN_CELLS = 1000
MAX_FIGURES = 20
MAX_IMAGES = 4
MAX_IMAGE_BYTES = 1_000_000
MAX_FIGURE_NUMBER = 10_000


def _describe_data(value):
    """Text, one-line summary and plain form of a table or an array; None for any other value."""
    if _is_made_by(value, 'pandas', 'DataFrame'):
        size = f'{value.shape[0]} rows x {value.shape[1]} columns'
        columns = zip(list(value.columns[:MAX_SHOWN_COLUMNS]), value.dtypes.iloc[:MAX_SHOWN_COLUMNS])
        kinds = ', '.join(f'{name} {kind}' for name, kind in columns)
        text = value.to_string(max_rows=MAX_SHOWN_ROWS, max_cols=MAX_SHOWN_COLUMNS, show_dimensions=False)
        plain = value.to_dict('split') if value.size <= MAX_PLAIN_CELLS else None
        return f'{text}\n[{size}: {kinds}]', f'{size}: {kinds}', plain
    if _is_made_by(value, 'pandas', 'Series'):
        size = f'{len(value)} values of {value.dtype}'
        text = value.to_string(max_rows=MAX_SHOWN_ROWS)
        is_small = value.size <= MAX_PLAIN_CELLS
        plain = {'name': value.name, 'index': value.index.tolist(), 'data': value.tolist()} if is_small else None
        return f'{text}\n[{size}]', f'{size}, beginning with {value.head(5).tolist()}', plain
    if _is_made_by(value, 'numpy', 'ndarray'):
        size = f'array of {" x ".join(str(length) for length in value.shape) or "one"} {value.dtype}'
        plain = value.tolist() if value.size <= MAX_PLAIN_CELLS else None
        return f'{value!r}\n[{size}]', f'{size}, beginning with {value.flat[:5].tolist()}', plain
    if _is_made_by(value, 'numpy', 'generic'):
        return str(value), str(value), value.item()
    return None


def _is_made_by(value, library, name):
    kind = getattr(sys.modules.get(library), name, None)
    return isinstance(kind, type) and issubclass(type(value), kind)


def _collect_figures():
    """Saves and closes the figures that are open; the first of them go along as images."""
    pyplot = sys.modules.get('matplotlib.pyplot')
    if pyplot is None:
        return []
    figures = []
    for number in pyplot.get_fignums()[:MAX_FIGURES]:
        figure = pyplot.figure(number)
        try:
            png = io.BytesIO()
            figure.savefig(png, format='png', bbox_inches='tight')
            described = {'path': _save_figure(png.getvalue())}
            if len(figures) < MAX_IMAGES and png.tell() <= MAX_IMAGE_BYTES:
                described['png'] = base64.b64encode(png.getvalue()).decode()
            figures.append(described)
        except Exception as error:
            print(f'Figure {number} cannot be drawn: {type(error).__name__}: {error}', file=sys.stderr)
    pyplot.close('all')
    return figures


def _save_figure(png):
    for number in range(1, MAX_FIGURE_NUMBER):
        try:
            with open(f'{_workspace}/figure-{number}.png', 'xb') as file:
                file.write(png)
        except FileExistsError:
            continue
        return f'figure-{number}.png'
    raise OSError('there are too many figures in the workspace')
