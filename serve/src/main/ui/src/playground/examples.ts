import { pretty } from '../core/json';

export interface SchemaExample {
  id: 'person' | 'recipe' | 'sentiment';
  schema: string;
  prompt: { en: string; zh: string };
}

export const SCHEMA_EXAMPLES: readonly SchemaExample[] = [
  {
    id: 'person',
    schema: pretty({
      type: 'object',
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 40 },
        age: { type: 'integer', minimum: 0, maximum: 130 },
        city: { type: 'string', maxLength: 40 },
      },
      required: ['name', 'age', 'city'],
      additionalProperties: false,
    }),
    prompt: {
      en: 'Ada is 36 years old and lives in London. Who is she?',
      zh: '小林今年三十六岁，住在杭州。请提取她的资料。',
    },
  },
  {
    id: 'sentiment',
    schema: pretty({
      type: 'object',
      properties: {
        sentiment: { enum: ['positive', 'neutral', 'negative'] },
        confidence: { type: 'number', minimum: 0, maximum: 1 },
      },
      required: ['sentiment', 'confidence'],
      additionalProperties: false,
    }),
    prompt: {
      en: 'Judge this review: "The battery lasts for days, I love it."',
      zh: '判断这条评论：“电池能用好几天，我很喜欢。”',
    },
  },
  {
    id: 'recipe',
    schema: pretty({
      type: 'object',
      properties: {
        title: { type: 'string', maxLength: 60 },
        minutes: { type: 'integer', minimum: 1, maximum: 600 },
        ingredients: {
          type: 'array',
          minItems: 1,
          maxItems: 8,
          items: { type: 'string', minLength: 2, maxLength: 40 },
        },
      },
      required: ['title', 'minutes', 'ingredients'],
      additionalProperties: false,
    }),
    prompt: { en: 'A quick tomato soup.', zh: '一道快手番茄汤。' },
  },
];

export const TOOLS_EXAMPLE = pretty([
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'The weather at a place now.',
      parameters: {
        type: 'object',
        properties: {
          city: { type: 'string', maxLength: 40, description: 'The name of the city.' },
          unit: { enum: ['celsius', 'fahrenheit'] },
        },
        required: ['city', 'unit'],
        additionalProperties: false,
      },
    },
  },
]);

export const TOOLS_PROMPT = {
  en: 'What is the weather in Paris?',
  zh: '杭州现在天气怎么样？',
};
