/** The requests of the tour, each of which needs a server: users, arithmetic and notes, data analysis, research. */
export const REQUESTS: readonly string[] = [
  'Show me all users who registered in 2025.',
  "Multiply 17 by 23, then save the answer under the key 'magic'.",
  "What is stored under 'magic'?",
  "What is today's weather in Beijing?",
  'How many tables are there?',
  'How many rows has the table students_scores?',
  'Export the table students_scores.',
  'Write and run Python that makes ten random numbers.',
  'Run Python that reads students_scores.csv and prints its first row.',
  "Write 'Hello from Patchbay' to hello.txt.",
  'Find papers on arXiv about attention.',
  'What does Wikipedia say about Alan Turing?',
  '显示所有在2025年注册的用户。',
  "把17乘以23,然后把结果保存到键'magic'。",
  "键'magic'下存了什么?",
  '今天北京的天气怎么样?',
  '数据库里有多少张表?',
  'students_scores表有多少行?',
  '导出students_scores表。',
  '用Python生成十个随机数。',
  '用Python读取students_scores.csv并打印第一行。',
  '维基百科怎么介绍图灵?',
];

/** For the research assistant: the model picks servers by name, and a run of its own asks each, which runs only so long. */
export const RESEARCH: readonly string[] = ['Research attention in arXiv and Wikipedia.'];
