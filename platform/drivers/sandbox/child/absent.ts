import type { PythonError } from '../../../ports/sandbox.ts'
import { compile, fileInput, pack, unpack } from './compile.ts'
import type { Api } from './module.ts'

/** The packages that students import most, none of which is here: their names are not taken for a misspelling. */
const packages = new Set(
  `numpy pandas matplotlib scipy sklearn seaborn statsmodels sympy networkx plotly bokeh altair PIL cv2 imageio skimage torch tensorflow keras
  nltk spacy gensim transformers openai requests httpx aiohttp urllib3 bs4 lxml selenium scrapy flask django fastapi uvicorn jinja2 sqlalchemy
  pymongo psycopg2 pymysql mysql redis boto3 dotenv yaml toml tabulate prettytable rich colorama termcolor colored tqdm click typer pyfiglet art
  emoji pytz dateutil pygame arcade kivy PyQt5 PyQt6 PySide6 wx tkinter turtle turtledemo curses readline msvcrt winsound pyautogui pynput keyboard
  playsound pyttsx3 gtts speech_recognition pyperclip pyjokes wikipedia qrcode faker openpyxl xlrd xlsxwriter docx pytest hypothesis attr pydantic
  psutil serial discord telegram tweepy multiprocess dask numba cython`.split(/\s+/),
)

/**
 * Puts a module in the place of `name` whose names can be imported and looked up; what is done with them raises
 * ModuleNotFoundError.
 */
const standIn = `
import sys, types
def stand_in(name):
    def refuse(*args, **kwargs):
        raise ModuleNotFoundError("No module named %r" % name, name=name)
    class Absent:
        def __getattr__(self, attribute):
            if attribute.startswith("__"):
                raise AttributeError(attribute)
            return self
        __call__ = __getitem__ = __setitem__ = __iter__ = __len__ = __bool__ = __enter__ = __mro_entries__ = refuse
    for operation in "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift".split():
        setattr(Absent, "__%s__" % operation, refuse)
        setattr(Absent, "__r%s__" % operation, refuse)
    for operation in "neg pos abs invert int float index str lt le gt ge".split():
        setattr(Absent, "__%s__" % operation, refuse)
    absent = Absent()
    module = types.ModuleType(name)
    module.__path__ = []
    module.__getattr__ = lambda attribute: getattr(absent, attribute)
    sys.modules[name] = module
    parent, _, own = name.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], own, module)
if not known and absent not in sys.stdlib_module_names:
    import difflib
    if difflib.get_close_matches(absent, sys.stdlib_module_names, 1, 0.8):
        raise ModuleNotFoundError(absent)
stand_in(absent)
`
/** A submodule is asked for after its package. */
const maxNames = 30

/**
 * Stands in for the module whose import raised `error`, unless its name is that of a standard module misspelt; must be
 * made before any program ran.
 */
export function absentPackages(api: Api): () => (error: PythonError | undefined) => boolean {
  const { c, name, text } = api
  const script = pack(api, compile(api, standIn, 'absent', fileInput))
  return () => {
    const stoodIn = new Set<string>()
    return error => {
      const [, module = ''] = /^No module named '([\w.]+)'/.exec(error?.message ?? '') ?? []
      if (error?.type !== 'ModuleNotFoundError' || stoodIn.has(module) || stoodIn.size > maxNames) return false
      const [root = ''] = module.split('.')
      if (module !== root && !stoodIn.has(root)) return false
      stoodIn.add(module)
      const known = module !== root || packages.has(root)
      const namespace = c('_PyDict_New')
      c('_PyDict_SetItemString', namespace, name('__builtins__'), c('_PyEval_GetBuiltins'))
      c('_PyDict_SetItemString', namespace, name('absent'), c('_PyUnicode_FromString', text(module)))
      c('_PyDict_SetItemString', namespace, name('known'), c('_PyUnicode_FromString', text(known ? 'yes' : '')))
      const code = unpack(api, script)
      const done = code === 0 ? 0 : c('_PyEval_EvalCode', code, namespace, namespace)
      if (done === 0) c('_PyErr_Clear')
      return done !== 0
    }
  }
}
